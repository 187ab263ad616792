import { EXIT, HexsightError } from '../errors.ts';

const WHY: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full 磁盘已满',
  EDQUOT: 'the quota of this user is used up 配额已满',
  EROFS: 'the disk is read-only 磁盘只读',
  EACCES: 'no right to do this 没有权限',
  EPERM: 'no right to do this 没有权限',
  EIO: 'the disk fails 磁盘读写出错',
  EMFILE: 'too many open files in this process 打开的文件过多',
  ENFILE: 'too many open files on this machine 打开的文件过多',
  ENOTDIR: 'a part of the path is a file, not a folder 路径中有一段是文件',
  EISDIR: 'this is a folder, not a file 这是文件夹',
};

/** An error of the file system with its file and what it means. A known error passes as it is. */
export function fileFailure(path: string, cause: unknown): HexsightError {
  if (cause instanceof HexsightError) return cause;
  const { code = '', message } = cause as NodeJS.ErrnoException;
  return new HexsightError(EXIT.disk, path, [WHY[code] ? `${WHY[code]} (${message})` : message], { cause });
}

/** True for what the operating system says about a file, as opposed to a fault of ours. */
export function isFileError(thrown: unknown): thrown is NodeJS.ErrnoException {
  return thrown instanceof Error && typeof (thrown as NodeJS.ErrnoException).syscall === 'string';
}

/** DuckDB writes files of its own and says in words what the system said. */
const ENGINE =
  /^query failed: .*(No space left on device|Read-only file system|Input\/output error|Too many open files)/i;

function firstLine(text: string): string {
  return text.split('\n', 1)[0] as string;
}

/**
 * The failure with the stage of the run in which it came. Other known errors (input, configuration, locked) stay what they are; a
 * fault of ours stays bare, with its stack.
 */
export function failureAt(stage: string, thrown: unknown): unknown {
  if (thrown instanceof Error && ENGINE.test(thrown.message))
    return new HexsightError(EXIT.disk, 'store', [`stage 阶段 ${stage}: ${firstLine(thrown.message)}`], {
      cause: thrown,
    });
  if (isFileError(thrown)) return failureAt(stage, fileFailure(thrown.path ?? 'file system', thrown));
  if (!(thrown instanceof HexsightError) || thrown.exitCode !== EXIT.disk) return thrown;
  return new HexsightError(
    EXIT.disk,
    thrown.subject,
    thrown.problems.map((problem) => `stage 阶段 ${stage}: ${problem}`),
    { cause: thrown },
  );
}
