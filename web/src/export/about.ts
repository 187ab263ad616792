/** What an exported file is: goes into every file, in its own place. */
export interface About {
  /** For the file name. */
  readonly title: string;
  readonly snapshot: string;
  readonly lines: readonly AboutLine[];
}
export interface AboutLine {
  /** Stable English key, for programs. */
  readonly key: string;
  /** In the reader's language. */
  readonly name: string;
  readonly text: string;
}

/** `hexsight-2f3a…-title.csv`; letters of any script, nothing a file system refuses. */
export function fileName({
  title,
  snapshot,
  ending,
}: {
  readonly title: string;
  readonly snapshot: string;
  readonly ending: string;
}): string {
  const clean = title
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 60);
  return `hexsight-${snapshot.slice(0, 8)}-${clean || 'export'}.${ending}`;
}

/** Hands a file to the browser's downloads. */
export function download(name: string, content: Blob): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser reads it after the click.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
