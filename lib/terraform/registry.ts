import http from 'node:http';

const TIMEOUT_MS = 3000;

/** Whether the provider registry answers from here: directly, or through the proxy that the environment names. */
export async function isRegistryReachable(host: string, env: NodeJS.ProcessEnv): Promise<boolean> {
  const proxy = env['HTTPS_PROXY'] ?? env['https_proxy'];
  try {
    return proxy === undefined || proxy === '' ? await answers(host) : await tunnels(new URL(proxy), host);
  } catch {
    return false;
  }
}

/** Every Terraform registry serves its discovery document: https://developer.hashicorp.com/terraform/internals/remote-service-discovery */
async function answers(host: string): Promise<boolean> {
  const response = await fetch(`https://${host}/.well-known/terraform.json`, {
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  return response.ok;
}

/** Asks the proxy for a connection to the registry, and no more. */
async function tunnels(proxy: URL, host: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const credentials = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
    const request = http.request({
      method: 'CONNECT',
      host: proxy.hostname,
      port: proxy.port === '' ? 80 : Number(proxy.port),
      path: `${host}:443`,
      headers:
        proxy.username === ''
          ? {}
          : { 'Proxy-Authorization': `Basic ${Buffer.from(credentials).toString('base64')}` },
      timeout: TIMEOUT_MS,
    });
    request.once('connect', (response, socket) => {
      socket.destroy();
      resolve(response.statusCode === 200);
    });
    request.once('timeout', () => request.destroy(new Error('the proxy does not answer')));
    request.once('error', reject);
    request.end();
  });
}
