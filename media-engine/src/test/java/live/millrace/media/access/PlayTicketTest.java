// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlayTicketTest {
    private static final String TEXT = "9pX0cQ2mR1uTn5vYw8sK3A";

    @Test
    void isKnownByTheHashOfItsCharacters() {
        PlayTicket ticket = PlayTicket.of(TEXT).orElseThrow();
        // printf 9pX0cQ2mR1uTn5vYw8sK3A | sha256sum
        assertThat(ticket.hash()).isEqualTo("f248a76b3b9614c76b65944a4c8cc7c9f4886fdc5b51cbf7ec377878337ce0ac");
        assertThat(ticket.sha256()).isEqualTo(HexFormat.of().parseHex(ticket.hash()));
        assertThat(ticket.secret()).isEqualTo(TEXT);
        assertThat(ticket)
                .isEqualTo(PlayTicket.of(TEXT).orElseThrow())
                .hasSameHashCodeAs(PlayTicket.of(TEXT).orElseThrow())
                .isNotEqualTo(PlayTicket.fresh())
                .hasToString("PlayTicket[hidden]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "9pX0cQ2mR1uTn5vYw8sK3",
                "9pX0cQ2mR1uTn5vYw8sK3AA",
                "9pX0cQ2mR1uTn5vYw8sK3B", // bits beyond the 128
                "9pX0cQ2mR1uTn5vYw8sK3=",
                "9pX0cQ2mR1uTn5+Yw8sK3A",
                "9pX0cQ2mR1uTn5/Yw8sK3A",
                "9pX0cQ2mR1uTn5%2dw8sKA",
                "9pX0cQ2mR1uTn5\u00e9Yw8sK3A",
                " 9pX0cQ2mR1uTn5vYw8sKA"
            })
    void everythingElseIsNone(String text) {
        assertThat(PlayTicket.of(text)).isEmpty();
    }

    @Test
    void freshOnesAreTicketsAndDiffer() {
        Set<String> all = new HashSet<>();
        for (int i = 0; i < 1_000; i++) {
            PlayTicket fresh = PlayTicket.fresh();
            assertThat(PlayTicket.of(fresh.secret())).hasValue(fresh);
            all.add(fresh.hash());
        }
        assertThat(all).hasSize(1_000);
    }

    @FuzzTest(maxDuration = "30s")
    void anyTextIsATicketOrNone(FuzzedDataProvider data) {
        String text = data.consumeRemainingAsString();
        PlayTicket.of(text).ifPresent(ticket -> {
            assertThat(ticket.secret()).isEqualTo(text).matches("[A-Za-z0-9_-]{21}[AQgw]");
            assertThat(ticket.toString()).doesNotContain(text);
        });
    }
}
