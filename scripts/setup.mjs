// Runs before `npm start` and `npm test`, so it may use nothing but Node: brings node_modules in step with
// package-lock.json and, with --tests, sees to the browser and the font of the end-to-end tests.
// Exit codes: 0 ready, 1 npm ci failed, 3 something is missing that this machine must provide.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findChromium } from './chromium.mjs';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const MODULES = join(ROOT, 'node_modules');
const MARK = join(MODULES, '.hexsight-setup');
const LOCK = join(ROOT, 'package-lock.json');
const MISSING = 3;
const NETWORK = /ECONNRESET|ECONNREFUSED|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|ERR_SOCKET_TIMEOUT|EIDLETIMEOUT|network|E50\d/i;

checkNode();
await installPackages();
if (process.argv.includes('--tests')) await installTestSystem();

function checkNode() {
  const needed = readJson(join(ROOT, 'package.json')).engines.node.replace('>=', '');
  const [have, want] = [process.versions.node, needed].map((text) => text.split('.').map(Number));
  const difference = have.map((n, i) => n - want[i]).find((n) => n !== 0) ?? 0;
  if (difference >= 0) return;
  fail(
    MISSING,
    `需要 Node ${needed} 或更新版本，当前是 ${process.versions.node}。`,
    `Node ${needed} or newer is needed; this is ${process.versions.node}.`,
  );
}

async function installPackages() {
  const machine = `${process.version} ${process.platform} ${process.arch}`;
  const state = `${createHash('sha256').update(readFileSync(LOCK)).digest('hex')}\n${machine}\n`;
  const mark = existsSync(MARK) ? readFileSync(MARK, 'utf8') : null;
  if (mark === state) return;
  const otherMachine = mark !== null && !mark.endsWith(`\n${machine}\n`);
  if (otherMachine || !installedAsLocked()) {
    rmSync(MARK, { force: true });
    say('正在安装依赖（npm ci）……', 'Installing the packages (npm ci) …');
    let result = await npmCi();
    if (result.code !== 0 && result.network) {
      say('网络出错，再试一次……', 'The network failed; trying once more …');
      result = await npmCi();
    }
    if (result.code !== 0) fail(1, 'npm ci 失败，原因见上。', 'npm ci failed; the reason is above.');
  }
  writeFileSync(`${MARK}.tmp-${process.pid}`, state);
  renameSync(`${MARK}.tmp-${process.pid}`, MARK);
}

/** Somebody ran npm by hand: its own record of node_modules agrees with the lock file, package by package. */
function installedAsLocked() {
  const record = join(MODULES, '.package-lock.json');
  if (!existsSync(record)) return false;
  const installed = readJson(record).packages;
  const locked = readJson(LOCK).packages;
  if (Object.keys(installed).some((path) => !locked[path])) return false;
  return Object.entries(locked).every(([path, { version, optional }]) => {
    if (path === '') return true;
    if (!installed[path]) return optional === true;
    return installed[path].version === version && existsSync(join(ROOT, path, 'package.json'));
  });
}

async function npmCi() {
  const npm = process.env.npm_execpath;
  const args = ['ci', '--include=dev', '--no-audit', '--no-fund'];
  const [command, ...rest] = npm?.endsWith('.js') ? [process.execPath, npm, ...args] : ['npm', ...args];
  const { code, text } = await run(command, rest, { shell: process.platform === 'win32' && command === 'npm' });
  return { code, network: NETWORK.test(text) };
}

async function installTestSystem() {
  const lacking = () => [
    ...(findChromium() ? [] : ['chromium']),
    ...(hasChineseFont() ? [] : ['fonts-noto-cjk', 'fontconfig']),
  ];
  const packages = lacking();
  if (packages.length === 0) return;
  if (process.getuid?.() === 0 && existsSync('/etc/debian_version')) {
    say(`正在安装测试所需的 ${packages.join(' ')}……`, `Installing for the tests: ${packages.join(' ')} …`);
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    await run('apt-get', ['update'], { env });
    await run('apt-get', ['install', '-y', '--no-install-recommends', ...packages], { env });
  }
  const still = lacking();
  if (still.length === 0) return;
  fail(
    MISSING,
    `端到端测试需要 Chromium 和中文字体，缺少：${still.join(' ')}。` +
      'Debian/Ubuntu 可用 apt-get install 安装；浏览器也可以用环境变量 HEXSIGHT_CHROMIUM 指定。',
    `The end-to-end tests need Chromium and a Chinese font; missing: ${still.join(' ')}. ` +
      'On Debian or Ubuntu install them with apt-get; a browser can also be named in HEXSIGHT_CHROMIUM.',
  );
}

/** macOS and Windows ship one; elsewhere fontconfig knows. */
function hasChineseFont() {
  if (process.platform === 'darwin' || process.platform === 'win32') return true;
  const { status, stdout } = spawnSync('fc-list', [':lang=zh', 'family'], { encoding: 'utf8' });
  return status === 0 && stdout.trim() !== '';
}

/** Shows what the command prints and keeps its standard error; passes a signal on and ends with it. */
function run(command, args, options) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: ROOT, stdio: ['ignore', 'inherit', 'pipe'], ...options });
    let [text, stopped] = ['', null];
    const stop = (signal) => {
      stopped = signal;
      child.kill(signal);
    };
    process.on('SIGINT', stop).on('SIGTERM', stop);
    child.stderr.on('data', (chunk) => {
      text += chunk;
      process.stderr.write(chunk);
    });
    child.on('error', (error) => resolve({ code: 1, text: `${text}${error.message}` }));
    child.on('close', (code) => {
      process.off('SIGINT', stop).off('SIGTERM', stop);
      if (stopped) process.exit(128 + constants.signals[stopped]);
      resolve({ code: code ?? 1, text });
    });
  });
}

function readJson(path) {
  return JSON.parse(readFileSync(path, 'utf8'));
}

function say(zh, en) {
  console.error(`hexsight: ${zh} ${en}`);
}

function fail(code, zh, en) {
  console.error(`hexsight: ${zh}\nhexsight: ${en}`);
  process.exit(code);
}
