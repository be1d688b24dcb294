// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.studio.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import live.millrace.platform.channel.CategoryView;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.channel.ExtraChannels;
import live.millrace.platform.channel.NewStreamKey;
import live.millrace.platform.channel.StreamKeyView;
import live.millrace.platform.channel.StreamKeys;
import live.millrace.platform.channel.Visibility;
import live.millrace.platform.live.Broadcasting;
import live.millrace.platform.recording.VideoDesk;
import org.jspecify.annotations.Nullable;
import org.springframework.context.MessageSource;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/**
 * The studio for programs. {@code /api/v1/channel} is the account's own channel, {@code /api/v1/channels/{name}} any that it has; what
 * everybody may know of a channel is told elsewhere.
 */
@RestController
class ChannelApi {
    private static final String OWN = "/api/v1/channel";
    private static final String ALL = "/api/v1/channels";
    private static final String ANY = ALL + "/{channel}";

    /** How long a choice of who may watch holds. */
    private static final String ONCE = "broadcast";

    private static final String FOR_GOOD = "good";

    /** Time to stop an encoder that comes back by itself. */
    private static final Duration KEY_WAITS = Duration.ofSeconds(30);

    /**
     * A channel as its owner knows it.
     *
     * @param own whether it is the one of the account's name
     * @param visibilityAfter what its visibility is again when the broadcast is over; missing where it stays
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record OwnedChannel(
            String channel,
            boolean own,
            String displayName,
            String title,
            String description,
            @Nullable String category,
            List<String> tags,
            String language,
            boolean mature,
            String visibility,
            @Nullable String visibilityAfter,
            int followers) {
        static OwnedChannel of(ChannelView channel, Optional<Visibility> after) {
            return new OwnedChannel(
                    channel.name(),
                    channel.own(),
                    channel.displayName(),
                    channel.title(),
                    channel.description(),
                    Optional.ofNullable(channel.category())
                            .map(CategoryView::slug)
                            .orElse(null),
                    channel.tags(),
                    channel.language(),
                    channel.mature(),
                    channel.visibility().name().toLowerCase(Locale.ROOT),
                    after.map(shown -> shown.name().toLowerCase(Locale.ROOT)).orElse(null),
                    channel.followers());
        }
    }

    /** @param left how many more can be made */
    record OwnedChannels(List<OwnedChannel> items, int left) {}

    record Named(@Nullable String name) {
        String text() {
            return name == null ? "" : name.strip();
        }
    }

    /** A key without its secret. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Key(
            long id,
            String name,
            String prefix,
            Instant createdAt,
            @Nullable Instant lastUsedAt) {
        static Key of(StreamKeyView key) {
            return new Key(key.id(), key.name(), key.prefix(), key.createdAt(), key.lastUsedAt());
        }
    }

    /** @param secret the whole key, at the one moment when it can be seen */
    record NewKey(Key key, String secret) {
        @Override
        public String toString() {
            return "NewKey[" + key.prefix() + "]";
        }
    }

    record Ended(boolean ended) {}

    record Marker(@Nullable String title) {}

    /** @param video the one that is being recorded */
    record Marked(String video) {}

    private final Channels channels;
    private final ExtraChannels extra;
    private final Descriptions descriptions;
    private final ShownTo shown;
    private final StreamKeys keys;
    private final Broadcasting broadcasting;
    private final VideoDesk videos;
    private final MessageSource messages;

    ChannelApi(
            Channels channels,
            ExtraChannels extra,
            Descriptions descriptions,
            ShownTo shown,
            StreamKeys keys,
            Broadcasting broadcasting,
            VideoDesk videos,
            MessageSource messages) {
        this.channels = channels;
        this.extra = extra;
        this.descriptions = descriptions;
        this.shown = shown;
        this.keys = keys;
        this.broadcasting = broadcasting;
        this.videos = videos;
        this.messages = messages;
    }

    private ResponseStatusException refused(String key, Locale locale) {
        return new ResponseStatusException(HttpStatus.UNPROCESSABLE_CONTENT, messages.getMessage(key, null, locale));
    }

    private OwnedChannel now(ChannelView channel) {
        return owned(channels.find(channel.id()).orElse(channel));
    }

    private OwnedChannel owned(ChannelView channel) {
        return OwnedChannel.of(channel, channels.shownAfter(channel.id()));
    }

    // ---- channels ---------------------------------------------------------------------------------------------

    @GetMapping(ALL)
    OwnedChannels all(Studio studio) {
        return new OwnedChannels(
                studio.channels().stream().map(this::owned).toList(),
                extra.allowance(studio.channel().accountId()).left());
    }

    @PostMapping(ALL)
    @ResponseStatus(HttpStatus.CREATED)
    OwnedChannel make(Studio studio, @RequestBody Named wanted, Locale locale) {
        return switch (extra.make(studio.channel().accountId(), wanted.text())) {
            case ExtraChannels.Wish.Made(ChannelView made) -> owned(made);
            case ExtraChannels.Wish.Refused(String why) -> throw refused(why, locale);
        };
    }

    @GetMapping(OWN)
    OwnedChannel own(Studio studio) {
        return owned(studio.channel());
    }

    /** What is absent stays, by whichever of the two. */
    @RequestMapping(
            method = {RequestMethod.PATCH, RequestMethod.PUT},
            path = {OWN, ANY})
    OwnedChannel edit(Studio studio, @RequestBody DescriptionEdit edit, Locale locale) {
        ChannelView channel = studio.channel();
        descriptions.change(channel, edit).or(() -> shown(channel, edit)).ifPresent(error -> {
            throw refused(error, locale);
        });
        return now(channel);
    }

    private Optional<String> shown(ChannelView channel, DescriptionEdit edit) {
        String until = edit.until();
        if (until != null && (edit.visibility() == null || !(until.equals(ONCE) || until.equals(FOR_GOOD)))) {
            return Optional.of("studio.shown.until");
        }
        return edit.visibility() == null && edit.password() == null
                ? Optional.empty()
                : shown.choose(channel, edit.visibility(), ONCE.equals(until), edit.password());
    }

    /** With everything in it; the own one goes with its account alone. */
    @DeleteMapping(ANY)
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void remove(Studio studio, Locale locale) {
        switch (extra.remove(studio.channel().id())) {
            case DONE -> {
                // nothing is left to be told
            }
            case OWN_CHANNEL -> throw refused("studio.channel.remove.own", locale);
            case TOO_MANY_REST -> throw refused("studio.channel.remove.many", locale);
        }
    }

    /** Ends the broadcast; its key waits a little. */
    @PostMapping({OWN + "/end", ANY + "/end"})
    Ended end(Studio studio) {
        return new Ended(broadcasting.endByOwner(studio.channel().name(), KEY_WAITS));
    }

    /** Names the moment that is on air: a chapter of the video that is being recorded. */
    @PostMapping({OWN + "/markers", ANY + "/markers"})
    @ResponseStatus(HttpStatus.CREATED)
    Marked mark(Studio studio, @RequestBody Marker marker) {
        String title = marker.title();
        return videos.mark(studio.channel().id(), title == null || title.isBlank() ? VideoDesk.UNNAMED : title)
                .map(Marked::new)
                .orElseThrow(() -> new ResponseStatusException(HttpStatus.CONFLICT, "Nothing is being recorded."));
    }

    // ---- keys -------------------------------------------------------------------------------------------------

    @GetMapping({OWN + "/keys", ANY + "/keys"})
    List<Key> keys(Studio studio) {
        return keys.ofChannel(studio.channel().id()).stream().map(Key::of).toList();
    }

    @PostMapping({OWN + "/keys", ANY + "/keys"})
    @ResponseStatus(HttpStatus.CREATED)
    NewKey createKey(Studio studio, @RequestBody Named wanted, HttpServletResponse response, Locale locale) {
        String name = wanted.text();
        if (name.isEmpty() || name.length() > StreamKeys.MAX_NAME) {
            throw refused("studio.key.name.length", locale);
        }
        NewStreamKey created =
                keys.create(studio.channel().id(), name).orElseThrow(() -> refused("studio.key.too-many", locale));
        response.setHeader("Cache-Control", "no-store");
        return new NewKey(Key.of(created.key()), created.secret());
    }

    @DeleteMapping({OWN + "/keys/{id}", ANY + "/keys/{id}"})
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void revokeKey(Studio studio, @PathVariable long id) {
        if (!keys.revoke(studio.channel().id(), id)) {
            throw new ResponseStatusException(HttpStatus.NOT_FOUND);
        }
    }
}
