/*
 * launch ROUNDS CLIENTS COMMAND...
 *
 * Each of the clients runs the command over and over, which runs `stamp` at some point, and prints
 * for each the milliseconds from just before the fork to the stamp. A "%" that is a whole argument
 * is replaced by a name that no other run has. A run that fails ends its client with status 1.
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long long now(void) {
  struct timespec at;
  clock_gettime(CLOCK_MONOTONIC, &at);
  return at.tv_sec * 1000000000LL + at.tv_nsec;
}

static void run(char **command) {
  int ends[2];
  char text[64];
  size_t length = 0;
  ssize_t got;
  int status;
  if (pipe(ends) < 0) err(1, "pipe");
  long long begun = now();
  pid_t child = vfork();
  if (child < 0) err(1, "vfork");
  if (child == 0) {
    dup2(ends[1], 1);
    close(ends[0]);
    close(ends[1]);
    execvp(command[0], command);
    _exit(127);
  }
  close(ends[1]);
  while (length < sizeof text - 1 && (got = read(ends[0], text + length, sizeof text - 1 - length)) > 0)
    length += (size_t)got;
  text[length] = 0;
  close(ends[0]);
  if (waitpid(child, &status, 0) < 0) err(1, "waitpid");
  if (status != 0 || length == 0) errx(1, "%s ended with status %#x", command[0], (unsigned)status);
  printf("%.3f\n", (double)(atoll(text) - begun) / 1e6);
  fflush(stdout);
}

static int client(int number, int rounds, char **command) {
  for (int round = 0; round < rounds; round++) {
    char name[64];
    char *words[64] = {0};
    snprintf(name, sizeof name, "bench-%d-%d-%d", (int)getppid(), number, round);
    for (int i = 0; command[i] && i < 63; i++) words[i] = strcmp(command[i], "%") ? command[i] : name;
    run(words);
  }
  return 0;
}

int main(int count, char **words) {
  if (count < 4) errx(2, "launch ROUNDS CLIENTS COMMAND...");
  int clients = atoi(words[2]);
  int worst = 0;
  for (int number = 0; number < clients; number++) {
    pid_t child = fork();
    if (child < 0) err(1, "fork");
    if (child == 0) _exit(client(number, atoi(words[1]), words + 3));
  }
  for (int status; wait(&status) > 0;)
    if (status != 0) worst = 1;
  return worst;
}
