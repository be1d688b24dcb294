// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.directory.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import live.millrace.platform.audience.Access;
import live.millrace.platform.audience.Audience;
import live.millrace.platform.audience.Viewer;
import live.millrace.platform.audience.Viewers;
import live.millrace.platform.channel.Categories;
import live.millrace.platform.channel.CategoryView;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.directory.ChannelSearch;
import live.millrace.platform.directory.SearchWords;
import live.millrace.platform.live.Broadcasting;
import live.millrace.platform.live.LiveCard;
import live.millrace.platform.live.LiveChannel;
import live.millrace.platform.picture.Pictures;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** What everybody may know, for scripts and programs: who is live, channels, categories, search. */
@RestController
@RequestMapping("/api/v1")
class DirectoryApi {
    private static final int MAX_PAGE = 100;
    private static final int SUGGESTED = 6;

    /** A live channel. Pictures are addresses on this site. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Live(
            String channel,
            String displayName,
            String title,
            @Nullable String category,
            List<String> tags,
            String language,
            boolean mature,
            int viewers,
            Instant startedAt,
            boolean audioOnly,
            @Nullable String avatar,
            @Nullable String thumbnail) {
        static Live of(LiveCard card) {
            ChannelView channel = card.channel();
            return new Live(
                    channel.name(),
                    channel.displayName(),
                    channel.displayTitle(),
                    channel.category() == null ? null : channel.category().slug(),
                    channel.tags(),
                    channel.language(),
                    channel.mature(),
                    card.viewers(),
                    card.startedAt(),
                    card.audioOnly(),
                    channel.avatar() == null ? null : Pictures.address(channel.avatar()),
                    card.thumbnail());
        }
    }

    /** @param next the cursor of the next page; null at the end */
    record LivePage(List<Live> items, @Nullable String next) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Channel(
            String channel,
            String displayName,
            String description,
            @Nullable String avatar,
            @Nullable String banner,
            @Nullable Instant lastLiveAt,
            LiveChannel live) {}

    record Category(String slug, String nameEn, String nameZh) {}

    /**
     * @param tag one of its tags that fits what was typed
     * @param live whether it is on air now
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record SuggestedChannel(
            String channel,
            String displayName,
            @Nullable String avatar,
            String title,
            @Nullable String tag,
            boolean live) {}

    record Suggestions(List<SuggestedChannel> channels, List<String> tags, List<Category> categories) {}

    private final Broadcasting broadcasting;
    private final Channels channels;
    private final Categories categories;
    private final ChannelSearch search;
    private final Audience audience;
    private final Viewers viewers;
    private final ShownLive shown;

    DirectoryApi(
            Broadcasting broadcasting,
            Channels channels,
            Categories categories,
            ChannelSearch search,
            Audience audience,
            Viewers viewers,
            ShownLive shown) {
        this.broadcasting = broadcasting;
        this.channels = channels;
        this.categories = categories;
        this.search = search;
        this.audience = audience;
        this.viewers = viewers;
        this.shown = shown;
    }

    /**
     * Who is live, the most watched first.
     *
     * @param cursor the name of the last channel of the page before
     */
    @GetMapping("/live")
    LivePage live(
            @RequestParam(defaultValue = "") String category,
            @RequestParam(defaultValue = "") String language,
            @RequestParam(defaultValue = "") String sort,
            @RequestParam(defaultValue = "50") int limit,
            @RequestParam(required = false) @Nullable String cursor) {
        int most = Math.clamp(limit, 1, MAX_PAGE);
        List<LiveCard> live = new LiveFilter(category, language, sort)
                .of(broadcasting.directory().live());
        int first = 0;
        for (int i = 0; cursor != null && i < live.size(); i++) {
            if (live.get(i).channel().name().equals(cursor)) {
                first = i + 1;
            }
        }
        List<LiveCard> page = live.stream().skip(first).limit(most).toList();
        return new LivePage(
                page.stream().map(Live::of).toList(),
                live.size() > first + most ? page.getLast().channel().name() : null);
    }

    @GetMapping("/channels/{name}")
    Channel channel(@PathVariable String name) {
        ChannelView channel = channels.find(name)
                .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND, "There is no such channel."));
        Viewer viewer = viewers.current();
        Access access = audience.access(channel, viewer);
        return new Channel(
                channel.name(),
                channel.displayName(),
                channel.description(),
                channel.avatar() == null ? null : Pictures.address(channel.avatar()),
                channel.banner() == null ? null : Pictures.address(channel.banner()),
                access.open() ? channel.lastLiveAt() : null,
                broadcasting.channel(channel, viewer));
    }

    @GetMapping("/categories")
    List<Category> categories() {
        return categories.all().stream().map(DirectoryApi::category).toList();
    }

    private static Category category(CategoryView category) {
        return new Category(category.slug(), category.nameEn(), category.nameZh());
    }

    /** What somebody who types may mean. */
    @GetMapping("/search/suggestions")
    Suggestions suggestions(@RequestParam(defaultValue = "") String q, HttpServletRequest request) {
        String typed = q.strip();
        if (typed.isEmpty()) {
            return new Suggestions(List.of(), List.of(), List.of());
        }
        Map<Long, LiveCard> live = Stream.concat(broadcasting.directory().live().stream(), shown.live(request).stream())
                .collect(Collectors.toMap(card -> card.channel().id(), Function.identity(), (a, _) -> a));
        String folded = SearchWords.fold(typed);
        return new Suggestions(
                search.find(typed, shown.channels(request), SUGGESTED).stream()
                        .map(channel -> new SuggestedChannel(
                                channel.name(),
                                channel.displayName(),
                                Optional.ofNullable(channel.avatar())
                                        .map(Pictures::address)
                                        .orElse(null),
                                channel.title(),
                                channel.tags().stream()
                                        .filter(tag -> SearchWords.fold(tag).contains(folded))
                                        .findFirst()
                                        .orElse(null),
                                live.containsKey(channel.id())))
                        .toList(),
                search.tags(typed, SUGGESTED),
                categories.all().stream()
                        .filter(category -> SearchWords.fold(category.nameEn()).startsWith(folded)
                                || SearchWords.fold(category.nameZh()).startsWith(folded))
                        .limit(3)
                        .map(DirectoryApi::category)
                        .toList());
    }
}
