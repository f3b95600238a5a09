package io.joblet.storage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.joblet.storage.v1.GetVolumeRequest;
import io.joblet.storage.v1.GetVolumeResponse;
import io.joblet.storage.v1.Volume;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;

class InspectVolumeTest extends WithDaemon {
  @Test
  void showsEverythingToPeople() {
    daemon.answer(found(Samples.data().build()));

    assertThat(rnx("volume", "inspect", "data"))
        .isEqualTo(
            new Outcome(
                0,
                """
                Name:         data
                ID:           01958f2e-0000-7000-8000-000000000001
                Type:         filesystem
                Status:       in_use
                Size:         1 GiB (1073741824 bytes)
                Used:         1.5 MiB (0.1%)
                Limit:        1 GiB by btrfs_qgroup
                Provider:     btrfs
                Owner:        root
                Node:         host-1
                Path:         /var/lib/joblet/volumes/01958f2e-0000-7000-8000-000000000001
                Directory:    mode 0755, uid 0, gid 0
                Protected:    no
                Created:      2026-03-01T09:30:00.250Z (2h ago)
                Last used:    2026-03-01T11:00:00Z (60m ago)
                Row version:  3
                Label:        team=search
                Attached:     build-17 at /data (exclusive, attached; host: /opt/joblet/jobs/build-17/data)
                """,
                ""));
    assertThat(daemon.request(GetVolumeRequest.class).getVolume()).isEqualTo("data");
  }

  @Test
  void writesJsonWithBytesAsNumbersAndTimesInUtc() {
    daemon.answer(found(Samples.data().build()));

    assertThat(rnx("volume", "inspect", "data", "--format=json"))
        .isEqualTo(
            new Outcome(
                0,
                """
                {
                  "id": "01958f2e-0000-7000-8000-000000000001",
                  "name": "data",
                  "type": "filesystem",
                  "size_bytes": 1073741824,
                  "used_bytes": 1572864,
                  "enforcement": "btrfs_qgroup",
                  "enforced_bytes": 1073741824,
                  "inode_limit": null,
                  "status": "in_use",
                  "reason": null,
                  "labels": {
                    "team": "search"
                  },
                  "owner": "root",
                  "node": "host-1",
                  "provider": "btrfs",
                  "path": "/var/lib/joblet/volumes/01958f2e-0000-7000-8000-000000000001",
                  "uid": 0,
                  "gid": 0,
                  "mode": "0755",
                  "protected": false,
                  "idle_timeout_seconds": null,
                  "current_job_id": "build-17",
                  "attachments": [
                    {
                      "id": "01958f2e-0000-7000-8000-0000000000a1",
                      "volume_id": "01958f2e-0000-7000-8000-000000000001",
                      "volume_name": "data",
                      "job_id": "build-17",
                      "mount_path": "/data",
                      "host_path": "/opt/joblet/jobs/build-17/data",
                      "read_only": false,
                      "access_mode": "exclusive",
                      "status": "attached",
                      "attached_at": "2026-03-01T11:00:00Z"
                    }
                  ],
                  "created_at": "2026-03-01T09:30:00.250Z",
                  "last_used": "2026-03-01T11:00:00Z",
                  "deleted_at": null,
                  "purge_after": null,
                  "row_version": 3
                }
                """,
                ""));
  }

  @Test
  void writesYaml() {
    daemon.answer(found(Samples.cache().build()));

    assertThat(rnx("volume", "inspect", "cache", "--format=yaml"))
        .isEqualTo(
            new Outcome(
                0,
                """
                id: "01958f2e-0000-7000-8000-000000000002"
                name: cache
                type: memory
                size_bytes: 67108864
                used_bytes: null
                enforcement: tmpfs
                enforced_bytes: 67108864
                inode_limit: null
                status: available
                reason: null
                labels: {}
                owner: root
                node: host-1
                provider: memory
                path: null
                uid: 4294967294
                gid: 0
                mode: "0700"
                protected: false
                idle_timeout_seconds: 1800
                current_job_id: null
                attachments: []
                created_at: "2026-02-27T12:00:00Z"
                last_used: null
                deleted_at: null
                purge_after: null
                row_version: 1
                """,
                ""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "yes",
        "No",
        "null",
        "~",
        "- a",
        "-",
        "a: b",
        "#x",
        "a #b",
        "1e3",
        "0x1f",
        "12:30:45",
        "2026-03-01",
        ".nan",
        "line\nbreak\r\n\ttab",
        "quote\" and \\ back",
        "ü 漢 \uD83D\uDE80",
        "\u0000\u0007\u001b[31m\u007f\u0085\u2028\u2029\ufeff",
        "{a}",
        "[1]",
        "*x",
        "&x",
        "!x",
        "%x",
        "@x",
        "`x",
        "|",
        ">",
        "? x",
        " lead and trail ",
        "---",
        "..."
      })
  void keepsHostileStringsWholeInJsonAndYaml(String hostile) throws Exception {
    Volume volume =
        Samples.data().setReason("r" + hostile).putLabels("k" + hostile, hostile).build();
    daemon.answer(found(volume)).answer(found(volume));
    Map<String, String> labels = Map.of("team", "search", "k" + hostile, hostile);

    Outcome json = rnx("volume", "inspect", "data", "--format=json");
    Outcome yaml = rnx("volume", "inspect", "data", "--format=yaml");

    Map<?, ?> fromJson = new ObjectMapper().readValue(json.out(), Map.class);
    assertThat(fromJson.get("labels")).isEqualTo(labels);
    assertThat(fromJson.get("reason")).isEqualTo("r" + hostile);
    Map<?, ?> fromYaml = new Yaml().load(yaml.out());
    assertThat(fromYaml).isEqualTo(fromJson);
    assertThat(List.of(json.status(), yaml.status())).containsOnly(0);
    assertThat(json.out() + yaml.out()).doesNotContain("\u001b", "\u0085", "\u0000");
  }

  @Test
  void letsNoControlCharacterThroughToATerminal() {
    daemon.answer(found(Samples.data().putLabels("evil", "\u001b[2J\nName: other").build()));

    Outcome outcome = rnx("volume", "inspect", "data");

    assertThat(outcome.status()).isZero();
    assertThat(outcome.out())
        .contains("evil=\\u001b[2J\\u000aName: other")
        .doesNotContain("\u001b");
  }

  private static GetVolumeResponse found(Volume volume) {
    return GetVolumeResponse.newBuilder().setVolume(volume).build();
  }
}
