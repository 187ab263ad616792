import { type ServerResponse, STATUS_CODES } from 'node:http';

export interface Message {
  readonly zh: string;
  readonly en: string;
  /** For the program that asked: the closed list below. */
  readonly reason?: Reason;
}

export type Reason = 'no-snapshot' | 'other-version' | 'damaged-manifest' | 'damaged-file';

const MESSAGES: Readonly<Record<number, Message>> = {
  400: { zh: '请求的路径无效。', en: 'The path of this request is not valid.' },
  404: { zh: '没有这个文件。', en: 'There is no such file.' },
  405: { zh: '这里只读：只接受 GET 和 HEAD。', en: 'This server is read-only: GET and HEAD.' },
  406: { zh: '没有客户端可接受的编码。', en: 'No encoding that the client accepts.' },
  412: { zh: '文件已改变。', en: 'The file has changed.' },
  414: { zh: '网址过长。', en: 'The URL is too long.' },
  416: { zh: '请求的范围超出文件。', en: 'The range lies outside the file.' },
  421: {
    zh: '此主机名未被允许。请用 127.0.0.1 或 localhost 打开，或在启动时允许它。',
    en: 'This host name is not allowed. Open 127.0.0.1 or localhost, or allow the name at the start.',
  },
  500: { zh: '服务器读取文件时出错，详见其日志。', en: 'The server failed to read a file; see its log.' },
};

/** A refusal a person can read, never cached. Headers that described a file are taken back. */
export function sendProblem(res: ServerResponse, status: number, message?: Message): void {
  if (res.headersSent) {
    res.destroy();
    return;
  }
  for (const name of ['Content-Encoding', 'ETag', 'Last-Modified', 'Vary', 'Accept-Ranges']) res.removeHeader(name);
  const { zh, en, reason }: Message = message ??
    MESSAGES[status] ?? { zh: '出错了。', en: STATUS_CODES[status] ?? 'Error' };
  const body = Buffer.from(`${JSON.stringify({ status, ...(reason && { reason }), zh, en })}\n`);
  res.statusCode = status;
  res.setHeader('Content-Type', 'application/json; charset=utf-8');
  res.setHeader('Cache-Control', 'no-store');
  res.setHeader('Content-Length', body.length);
  res.end(res.req.method === 'HEAD' ? undefined : body);
}
