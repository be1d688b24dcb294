// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.survival;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import live.millrace.media.testing.Wait;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** What comes to the port of WebRTC, and what is offered: beside a publisher by WHIP as well, and somebody who watches that by WHEP. */
class WebrtcSurvivalTest extends Survival {
    private WebrtcPair pair;

    WebrtcSurvivalTest() {
        super(Stream.of(WebrtcStrangerCases.all(), WebrtcMediaCases.all(), OfferCases.all()));
    }

    @BeforeAll
    void watch() throws Exception {
        pair = new WebrtcPair(scene());
    }

    @AfterAll
    void look() throws Exception {
        pair.close();
        Wait.until("pictures were seen for a while", () -> pair.seen() > 50);
        assertThat(pair.faults()).isEmpty();
    }
}
