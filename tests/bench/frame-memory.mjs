// Evaluated before the product: keeps hold of its Wasm memory, which only ever grows, so its size is its peak.
const Instance = WebAssembly.Instance;

WebAssembly.Instance = new Proxy(Instance, {
  construct(target, args, newTarget) {
    const instance = Reflect.construct(target, args, newTarget);
    globalThis.benchMemory = instance.exports.memory;
    return instance;
  },
});
