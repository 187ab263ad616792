import type { AreaTool } from './tools.ts';

/** Line drawings of 20 × 20; the word stands beside each. */
const PATHS: Readonly<Record<AreaTool, string>> = {
  lasso: 'M10 3c5 0 7 2 7 5s-3 5-7 5-7-2-7-5 3-5 7-5M6 12c-2 1-2 4 0 4s2 2 1 2',
  polygon: 'M4 7l6-4 7 5-3 8H6z',
  box: 'M3 5h14v10H3z',
  circle: 'M10 3a7 7 0 1 0 .01 0M10 10h7',
  line: 'M3 14l5-6 4 3 5-7M3 18l5-6 4 3 5-7',
  disk: 'M10 6l3.5 2v4L10 14l-3.5-2V8zM10 2l7 4v8l-7 4-7-4V6z',
  division: 'M3 5l5-2 4 2 5-2v12l-5 2-4-2-5 2zM8 3v12M12 5v12',
};

export const ToolIcon = ({ name }: { readonly name: AreaTool }) => (
  <svg className="tool-icon" viewBox="0 0 20 20" aria-hidden="true">
    <path d={PATHS[name]} />
  </svg>
);
