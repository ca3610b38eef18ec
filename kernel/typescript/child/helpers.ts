type Disposer = { value: object | undefined; dispose?: () => unknown; asynchronous: boolean };

type Decorator = (...target: unknown[]) => unknown;

const symbols = Symbol as unknown as Record<'dispose' | 'asyncDispose', symbol>;

// Decorators keep their metadata under it, where it is there.
Object.defineProperty(Symbol, 'metadata', { value: Symbol('Symbol.metadata') });

/** What lowered code calls: `using` of TypeScript 5.2 and experimental decorators, which V8 of Node 20 does not have. */
export const helpers = {
  /** Keeps the resources of one scope; `d` disposes of them, newest first, and throws what `e` and they threw. */
  usingCtx() {
    const resources: Disposer[] = [];
    const none = Symbol('nothing was thrown');
    const use = (asynchronous: boolean) => (value: object | null | undefined) => {
      if (value === null || value === undefined) {
        if (asynchronous) resources.push({ value: undefined, asynchronous });
        return value;
      }
      if (Object(value) !== value)
        throw new TypeError(
          'using declarations can only be used with objects, functions, null, or undefined.',
        );
      const methods = value as Record<symbol, (() => unknown) | undefined>;
      const dispose = (asynchronous ? methods[symbols.asyncDispose] : undefined) ?? methods[symbols.dispose];
      if (typeof dispose !== 'function') throw new TypeError('Property [Symbol.dispose] is not a function.');
      resources.push({ value, dispose, asynchronous });
      return value;
    };
    return {
      e: none as unknown,
      u: use(false),
      a: use(true),
      d() {
        let thrown = this.e;
        const fail = (error: unknown) => {
          thrown = thrown === none ? error : suppressed(error, thrown);
        };
        const finish = () => {
          if (thrown !== none) throw thrown;
        };
        const next = (): unknown => {
          for (let one = resources.pop(); one; one = resources.pop()) {
            try {
              const result = one.dispose?.call(one.value);
              if (one.asynchronous)
                return Promise.resolve(result).then(next, error => {
                  fail(error);
                  return next();
                });
            } catch (error) {
              fail(error);
            }
          }
          return finish();
        };
        return next();
      },
    };
  },
  /** As TypeScript's `__decorate`. */
  decorate(
    decorators: Decorator[],
    target: object,
    key?: string,
    descriptor?: PropertyDescriptor | null,
  ): unknown {
    let result: unknown =
      key === undefined
        ? target
        : descriptor === null
          ? Object.getOwnPropertyDescriptor(target, key)
          : descriptor;
    for (const decorator of [...decorators].reverse()) {
      const replaced: unknown = key === undefined ? decorator(result) : decorator(target, key, result);
      result = replaced || result;
    }
    if (key !== undefined && result) Object.defineProperty(target, key, result as PropertyDescriptor);
    return result;
  },
  decorateParam: (index: number, decorator: Decorator) => (target: object, key?: string) =>
    decorator(target, key, index),
  decorateMetadata(key: string, value: unknown): unknown {
    const { metadata } = Reflect as { metadata?: (key: string, value: unknown) => unknown };
    return metadata?.(key, value) ?? (() => {});
  },
};

function suppressed(error: unknown, earlier: unknown): Error {
  return Object.assign(new Error('An error was suppressed during disposal.', { cause: error }), {
    name: 'SuppressedError',
    error,
    suppressed: earlier,
  });
}
