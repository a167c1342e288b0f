// What ical.js, the reader in Thunderbird and in Nextcloud's pages, finds: it takes the zone from the file itself.
import { readFileSync } from "node:fs";
import ICAL from "ical.js";

const calendar = new ICAL.Component(ICAL.parse(readFileSync(process.argv[2], "utf8")));
for (const zone of calendar.getAllSubcomponents("vtimezone")) {
  ICAL.TimezoneService.register(new ICAL.Timezone(zone));
}
const found = {};
for (const part of calendar.getAllSubcomponents("vevent")) {
  const event = new ICAL.Event(part);
  const names = part.getAllProperties().map((each) => each.name);
  found[event.uid] = [
    event.startDate.toUnixTime(), event.endDate.toUnixTime(),
    event.summary, event.description, event.location, names.length,
  ];
}
console.log(JSON.stringify(found));
