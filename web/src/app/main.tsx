// First: see there.
import './no-eval.ts';

import { createRoot } from 'react-dom/client';
import '../ui/tokens.css';
import '../ui/base.css';
import { App } from './app.tsx';
import './hooks.ts';

// The only room so far.
if (location.pathname !== '/desk') history.replaceState(null, '', `/desk${location.search}`);

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
createRoot(root).render(<App />);
