// Makes a process believe that its file system has no hard links.
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";

const refused = () =>
  Object.assign(new Error("EPERM: operation not permitted, link"), { code: "EPERM", syscall: "link" });
fs.promises.link = () => Promise.reject(refused());
fs.link = (_from, _to, done) => done(refused());
fs.linkSync = () => {
  throw refused();
};
syncBuiltinESMExports();
