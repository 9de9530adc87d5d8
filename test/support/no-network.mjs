// Preloaded (`node --import`) into a command under test: the network is not there. data/download is the only user of it.

globalThis.fetch = async () => {
  throw new TypeError("fetch failed", { cause: new Error("getaddrinfo ENOTFOUND: no network in this test") });
};
