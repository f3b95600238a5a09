#include "shim.h"

#include <errno.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/*
 * Cuts the bounding set down and sets permitted and effective; nothing is inheritable or ambient.
 * The bounding set goes first: dropping from it needs CAP_SETPCAP (capabilities(7)).
 */
int capabilities_keep(uint64_t bounding, uint64_t effective) {
    for (int capability = 0;; capability++) {
        int present = prctl(PR_CAPBSET_READ, capability, 0, 0, 0);
        if (present < 0 && errno == EINVAL) {
            break; /* beyond the last one that this kernel knows */
        }
        if (present < 0) {
            return -1;
        }
        int wanted = capability < 64 && (bounding >> capability & 1) != 0;
        if (present == 1 && !wanted && prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) != 0) {
            return -1;
        }
    }
    if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) != 0) {
        return -1;
    }
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct data[2] = {
        {(uint32_t)effective, (uint32_t)effective, 0},
        {(uint32_t)(effective >> 32), (uint32_t)(effective >> 32), 0}};
    return (int)syscall(SYS_capset, &header, data);
}
