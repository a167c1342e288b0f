/* What libical, the reader in GNOME and KDE, finds: one line of JSON, and nothing if it finds an error. */
#include <libical/ical.h>
#include <stdio.h>
#include <stdlib.h>

static void say(const char *text) {
    putchar('"');
    for (; text && *text; text++) {
        unsigned char sign = (unsigned char)*text;
        if (sign == '"' || sign == '\\') printf("\\%c", sign);
        else if (sign < 0x20) printf("\\u%04x", sign);
        else putchar(sign);
    }
    putchar('"');
}

static long long instant(icalcomponent *event, icalproperty_kind kind, icalcomponent *calendar) {
    icalproperty *property = icalcomponent_get_first_property(event, kind);
    struct icaltimetype time = icalvalue_get_datetime(icalproperty_get_value(property));
    icalparameter *zone = icalproperty_get_first_parameter(property, ICAL_TZID_PARAMETER);
    if (zone) time.zone = icalcomponent_get_timezone(calendar, icalparameter_get_tzid(zone));
    return (long long)icaltime_as_timet_with_zone(time, zone ? time.zone : icaltimezone_get_utc_timezone());
}

int main(int count, char **arguments) {
    FILE *file = count == 2 ? fopen(arguments[1], "rb") : NULL;
    if (!file) return 2;
    fseek(file, 0, SEEK_END);
    long size = ftell(file);
    rewind(file);
    char *text = calloc((size_t)size + 1, 1);
    if (!text || fread(text, 1, (size_t)size, file) != (size_t)size) return 2;
    icalcomponent *calendar = icalparser_parse_string(text);
    if (!calendar || icalcomponent_count_errors(calendar)) return 1;
    const char *between = "{";
    for (icalcomponent *event = icalcomponent_get_first_component(calendar, ICAL_VEVENT_COMPONENT); event;
         event = icalcomponent_get_next_component(calendar, ICAL_VEVENT_COMPONENT)) {
        printf("%s", between);
        say(icalcomponent_get_uid(event));
        printf(": [%lld, %lld, ", instant(event, ICAL_DTSTART_PROPERTY, calendar),
               instant(event, ICAL_DTEND_PROPERTY, calendar));
        say(icalcomponent_get_summary(event));
        printf(", ");
        say(icalcomponent_get_description(event));
        printf(", ");
        say(icalcomponent_get_location(event));
        printf(", %d]", icalcomponent_count_properties(event, ICAL_ANY_PROPERTY));
        between = ", ";
    }
    puts(between[0] == '{' ? "{}" : "}");
    return 0;
}
