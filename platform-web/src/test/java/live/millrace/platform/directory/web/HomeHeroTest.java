// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.directory.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.LongStream;
import live.millrace.platform.camera.Cameras;
import live.millrace.platform.channel.Categories;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Follows;
import live.millrace.platform.channel.Visibility;
import live.millrace.platform.directory.RecentChannels;
import live.millrace.platform.live.Broadcasting;
import live.millrace.platform.live.LiveCard;
import live.millrace.platform.live.LiveDirectory;
import live.millrace.platform.recording.VideoCards;
import live.millrace.platform.recording.Videos;
import live.millrace.platform.site.Setting;
import live.millrace.platform.site.SiteSettings;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.ui.ExtendedModelMap;
import org.springframework.ui.Model;

/** Who is at the top of the home page, and who below. */
class HomeHeroTest {
    private static LiveCard live(String name, boolean mature) {
        return live(1, name, mature);
    }

    private static LiveCard live(long id, String name, boolean mature) {
        ChannelView channel = new ChannelView(
                id,
                id,
                true,
                name,
                name,
                "",
                "",
                null,
                null,
                null,
                null,
                List.of(),
                "",
                mature,
                0,
                false,
                Visibility.PUBLIC,
                null);
        return new LiveCard(channel, 0, false, Instant.EPOCH, false, null, null);
    }

    private final LiveCard late = live("late", true);
    private final LiveCard anna = live("anna", false);
    private final LiveCard bert = live("bert", false);

    @Test
    void theChosenChannelIsAtTheTopWhileEverybodyMaySeeIt() {
        assertThat(HomeController.hero(List.of(late, anna, bert), "bert")).isEqualTo(bert);
        assertThat(HomeController.hero(List.of(late, anna, bert), "late")).isEqualTo(anna);
    }

    /** It plays there by itself: a page that stands open would keep it on. */
    @Test
    void whatIsFetchedIsNotPlayedAtTheTop() {
        LiveCard garden = new LiveCard(anna.channel(), 5, false, Instant.EPOCH, true, null, null);
        assertThat(HomeController.hero(List.of(garden, bert), "")).isEqualTo(bert);
        assertThat(HomeController.hero(List.of(garden, bert), "anna")).isEqualTo(bert);
        assertThat(HomeController.hero(List.of(garden), "")).isNull();
    }

    @Test
    void elseTheMostWatchedIs() {
        assertThat(HomeController.hero(List.of(late, anna, bert), "")).isEqualTo(anna);
        assertThat(HomeController.hero(List.of(anna, bert), "carla")).isEqualTo(anna);
        assertThat(HomeController.hero(List.of(late), "late")).isNull();
    }

    /** What a page shows: its hero, how many below it, whether there is more. */
    private static List<Object> shown(int live, int page) {
        Broadcasting broadcasting = mock(Broadcasting.class);
        SiteSettings settings = mock(SiteSettings.class);
        when(settings.text(Setting.HOME_HERO)).thenReturn("");
        when(broadcasting.directory())
                .thenReturn(new LiveDirectory(LongStream.range(0, live)
                        .mapToObj(id -> live(id, "anna" + id, false))
                        .toList()));
        Model model = new ExtendedModelMap();
        new HomeController(
                        broadcasting,
                        mock(Categories.class),
                        mock(Follows.class),
                        mock(RecentChannels.class),
                        mock(Videos.class),
                        mock(VideoCards.class),
                        settings,
                        mock(ShownLive.class),
                        mock(Cameras.class))
                .home("", "", "", page, null, new MockHttpServletRequest(), model);
        List<?> below = (List<?>) Objects.requireNonNull(model.getAttribute("live"));
        return List.of(
                model.getAttribute("hero") != null, below.size(), Objects.requireNonNull(model.getAttribute("more")));
    }

    @Test
    void pagesAreWholeRowsAndSkipNobody() {
        assertThat(shown(61, 1)).containsExactly(true, 60, false);
        assertThat(shown(63, 1)).containsExactly(true, 60, true);
        assertThat(shown(63, 2)).containsExactly(false, 2, false);
    }
}
