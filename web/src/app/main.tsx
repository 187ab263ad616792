import { createRoot } from 'react-dom/client';
import { config } from 'zod';
import '../ui/tokens.css';
import '../ui/base.css';
import { App } from './app.tsx';
import './hooks.ts';

// zod would compile its checks with `new Function`, which the Content-Security-Policy refuses.
config({ jitless: true });

// The only room so far.
if (location.pathname !== '/desk') history.replaceState(null, '', `/desk${location.search}`);

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
createRoot(root).render(<App />);
