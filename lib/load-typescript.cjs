/**
 * Loads TypeScript with tsx, and packages with Node itself: tsx reads each of their files for what may
 * need compiling, which takes longer than running them. Required before a command's script.
 */
const { extensions } = require;
const loadPackage = extensions['.js'];

require('tsx/cjs');

for (const extension of ['.js', '.cjs']) {
  const load = extensions[extension];
  if (load === undefined) continue;
  extensions[extension] = (module, file) => {
    (/[\\/]node_modules[\\/]/.test(file) ? loadPackage : load)(module, file);
  };
}
