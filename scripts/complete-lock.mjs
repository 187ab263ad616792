// node scripts/complete-lock.mjs [--check]
//
// A registry mirror may lack the packages of platforms it does not serve. npm then writes a package-lock.json without
// them, and `npm ci` of npm 11 refuses that file ("Missing: … from lock file"). This adds an entry for each: name,
// version and platform are known from the package that asks for it; only the checksum is not, so npm takes it from
// the registry of whoever installs on such a platform. Run it after every `npm install` that changed the lock file.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const path = join(dirname(dirname(fileURLToPath(import.meta.url))), 'package-lock.json');
const lock = JSON.parse(readFileSync(path, 'utf8'));
const added = [];
for (const [, parent] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(parent.optionalDependencies ?? {})) {
    const key = `node_modules/${name}`;
    if (lock.packages[key] || !/^\d+\.\d+\.\d+[\w.+-]*$/.test(version)) continue;
    lock.packages[key] = { version, ...platform(name), ...(parent.dev ? { dev: true } : {}), optional: true };
    added.push(`${name}@${version}`);
  }
}

if (process.argv.includes('--check')) {
  for (const name of added) console.error(`package-lock.json lacks ${name}`);
  if (added.length > 0) console.error('Run: node scripts/complete-lock.mjs');
  process.exit(added.length > 0 ? 1 : 0);
}
if (added.length > 0) {
  const [root, ...packages] = Object.entries(lock.packages);
  packages.sort(([a], [b]) => a.localeCompare(b, 'en'));
  lock.packages = Object.fromEntries([root, ...packages]);
  writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
}
console.log(`${added.length} added${added.map((name) => `\n  ${name}`).join('')}`);

/** `@scope/cli-linux-arm64-musl` → os, cpu and libc as npm states them. */
function platform(name) {
  const words = name.split(/[/-]/);
  const os = words.find((word) =>
    /^(aix|android|darwin|freebsd|linux|netbsd|openbsd|openharmony|sunos|win32)$/.test(word),
  );
  const cpu = words.find((word) => /^(arm|arm64|ia32|loong64|mips64el|ppc64|riscv64|s390x|wasm32|x64)$/.test(word));
  const libc = words.find((word) => /^(gnu|glibc|musl|gnueabihf)$/.test(word));
  return {
    ...(cpu ? { cpu: [cpu] } : {}),
    ...(libc ? { libc: [libc === 'musl' ? 'musl' : 'glibc'] } : {}),
    ...(os ? { os: [os] } : {}),
  };
}
