// What node-ical finds, which many home-made boards and bots use.
import { readFileSync } from "node:fs";
import ical from "node-ical";

const found = {};
const read = ical.sync.parseICS(readFileSync(process.argv[2], "utf8"));
for (const event of Object.values(read)) {
  if (event.type === "VEVENT") {
    found[event.uid] = [
      event.start.getTime() / 1000, event.end.getTime() / 1000,
      event.summary, event.description, event.location, null,
    ];
  }
}
console.log(JSON.stringify(found));
