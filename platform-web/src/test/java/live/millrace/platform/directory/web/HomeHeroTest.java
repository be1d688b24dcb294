// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.directory.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.live.LiveCard;
import org.junit.jupiter.api.Test;

/** Who is at the top of the home page. */
class HomeHeroTest {
    private static LiveCard live(String name, boolean mature) {
        ChannelView channel = new ChannelView(
                1, 1, true, name, name, "", "", null, null, null, null, List.of(), "", mature, 0, false, null);
        return new LiveCard(channel, 0, false, Instant.EPOCH, null, null);
    }

    private final LiveCard late = live("late", true);
    private final LiveCard anna = live("anna", false);
    private final LiveCard bert = live("bert", false);

    @Test
    void theChosenChannelIsAtTheTopWhileEverybodyMaySeeIt() {
        assertThat(HomeController.hero(List.of(late, anna, bert), "bert")).isEqualTo(bert);
        assertThat(HomeController.hero(List.of(late, anna, bert), "late")).isEqualTo(anna);
    }

    @Test
    void elseTheMostWatchedIs() {
        assertThat(HomeController.hero(List.of(late, anna, bert), "")).isEqualTo(anna);
        assertThat(HomeController.hero(List.of(anna, bert), "carla")).isEqualTo(anna);
        assertThat(HomeController.hero(List.of(late), "late")).isNull();
    }
}
