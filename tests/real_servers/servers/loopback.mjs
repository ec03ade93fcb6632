// Loaded before server-everything (`node --import`), which would listen on every interface of the machine, on
// a port it is told, and says "listening" even where that port was taken (Express 5 calls back with the error).
// Here the system chooses a port of the loopback interface, and the line is written when it is open.
import net from "node:net";

const listen = net.Server.prototype.listen;

net.Server.prototype.listen = function (...given) {
  net.Server.prototype.listen = listen;
  this.once("listening", () => console.log(`listening on http://127.0.0.1:${this.address().port}/mcp`));
  return listen.call(this, 0, "127.0.0.1", given.findLast((argument) => typeof argument === "function"));
};
