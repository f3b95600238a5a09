#include "attack.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* One write for a line, so that lines of several processes do not mix. */
static int say(const char *word, const char *format, va_list values, int verdict) {
    char text[500];
    char line[600];
    vsnprintf(text, sizeof text, format, values);
    int length = snprintf(line, sizeof line, "%s %s\n", word, text);
    return write(1, line, (size_t)length) == length ? verdict : BROKEN;
}

int held(const char *format, ...) {
    va_list values;
    va_start(values, format);
    int verdict = say("held", format, values, HELD);
    va_end(values);
    return verdict;
}

int out(const char *format, ...) {
    va_list values;
    va_start(values, format);
    int verdict = say("OUT", format, values, OUT);
    va_end(values);
    return verdict;
}

int refused(const char *what) {
    return held("%s: %s", what, strerror(errno));
}
