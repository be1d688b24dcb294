// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.channel.Visibility;
import live.millrace.platform.recording.ClipDesk;
import live.millrace.platform.recording.ClipView;
import live.millrace.platform.recording.Clips;
import live.millrace.platform.recording.VideoAccess;
import live.millrace.platform.shared.SiteAddress;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** Clips for programs, and for the player. */
@RestController
@RequestMapping("/api/v1")
class ClipApi {
    private static final int MAX_PAGE = 100;

    /** Of a broadcast, where nothing is said. */
    private static final int SECONDS = 30;

    /**
     * A clip.
     *
     * @param url of its page
     * @param video what it was made of; missing once that is gone
     * @param visibility who may see it, of those who may see the video
     * @param by missing once whoever made it is gone
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Clip(
            String id,
            String url,
            String channel,
            String title,
            @Nullable String video,
            long fromMillis,
            long toMillis,
            @Nullable String by,
            Visibility visibility,
            Instant madeAt,
            long views) {}

    /**
     * What shall be a clip.
     *
     * @param seconds of what is live, up to now
     * @param fromMillis in media time of the video, with toMillis
     */
    record Wish(
            @Nullable Integer seconds,
            @Nullable Long fromMillis,
            @Nullable Long toMillis,
            @Nullable String title) {}

    private final FoundClip found;
    private final WatchedVideo watched;
    private final Clips clips;
    private final ClipDesk desk;
    private final Channels channels;
    private final VideoAccess access;
    private final SiteAddress address;

    ClipApi(
            FoundClip found,
            WatchedVideo watched,
            Clips clips,
            ClipDesk desk,
            Channels channels,
            VideoAccess access,
            SiteAddress address) {
        this.found = found;
        this.watched = watched;
        this.clips = clips;
        this.desk = desk;
        this.channels = channels;
        this.access = access;
        this.address = address;
    }

    private ChannelView channel(String name) {
        return channels.find(name)
                .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND, "There is no such channel."));
    }

    private Clip clip(ClipView clip, HttpServletRequest request) {
        ClipView.Source video = clip.video();
        ClipView.Maker maker = clip.maker();
        return new Clip(
                clip.id(),
                address.originFor(request) + "/clips/" + clip.id(),
                clip.channel(),
                clip.title(),
                video == null ? null : video.id(),
                clip.fromMillis(),
                clip.toMillis(),
                maker == null ? null : maker.name(),
                clip.visibility(),
                clip.madeAt(),
                clip.views());
    }

    private Clip made(ClipDesk.Answer answer, HttpServletRequest request, Locale locale) {
        return switch (answer) {
            case ClipDesk.Answer.Refused(String key) -> throw found.refused(key, locale);
            case ClipDesk.Answer.Made(String id) -> clip(clips.find(id).orElseThrow(FoundClip::missing), request);
        };
    }

    /** Of what a channel has on air: the last seconds, or a range of all that was recorded of it. */
    @PostMapping("/channels/{name}/clips")
    @ResponseStatus(HttpStatus.CREATED)
    Clip makeOfLive(
            @PathVariable String name,
            @RequestBody Wish wish,
            @AuthenticationPrincipal AccountPrincipal principal,
            HttpServletRequest request,
            Locale locale) {
        ChannelView channel = channel(name);
        ClipDesk.Source source = found.live(channel, principal, locale);
        Long from = wish.fromMillis();
        Long to = wish.toMillis();
        Integer seconds = wish.seconds();
        long end = to == null ? source.durationMillis() : to;
        long start = from == null ? Math.max(0, end - 1_000L * (seconds == null ? SECONDS : seconds)) : from;
        return made(desk.make(source, principal, start, end, wish.title()), request, locale);
    }

    @PostMapping("/videos/{video}/clips")
    @ResponseStatus(HttpStatus.CREATED)
    Clip makeOfVideo(
            @PathVariable String video,
            @RequestBody Wish wish,
            @AuthenticationPrincipal AccountPrincipal principal,
            HttpServletRequest request,
            Locale locale) {
        WatchedVideo.Found of = watched.find(video, principal);
        Long from = wish.fromMillis();
        Long to = wish.toMillis();
        if (from == null || to == null) {
            throw found.refused("clip.said.range", locale);
        }
        return made(desk.make(desk.of(of.video(), of.channel()), principal, from, to, wish.title()), request, locale);
    }

    @GetMapping("/clips/{clip}")
    Clip clip(
            @PathVariable String clip,
            @AuthenticationPrincipal @Nullable AccountPrincipal principal,
            HttpServletRequest request) {
        return clip(found.find(clip, principal).clip(), request);
    }

    /**
     * A channel's clips, the newest first.
     *
     * @param before the id of the last clip of the page before
     */
    @GetMapping("/channels/{name}/clips")
    List<Clip> list(
            @PathVariable String name,
            @RequestParam(defaultValue = "50") int limit,
            @RequestParam(required = false) @Nullable String before,
            @AuthenticationPrincipal @Nullable AccountPrincipal principal,
            HttpServletRequest request) {
        ChannelView channel = channel(name);
        return clips
                .ofChannel(
                        channel.id(),
                        access.clips(channel, principal),
                        Optional.ofNullable(before),
                        Math.clamp(limit, 1, MAX_PAGE))
                .stream()
                .map(clip -> clip(clip, request))
                .toList();
    }

    /**
     * What shall be otherwise; what is absent stays.
     *
     * @param visibility the owner of the channel chooses any that the video has room for; whoever made it, and staff, a narrower one
     * @param reason of staff
     */
    record Changes(
            @Nullable String title,
            @Nullable Visibility visibility,
            @Nullable String reason) {}

    @PatchMapping("/clips/{clip}")
    Clip change(
            @PathVariable String clip,
            @RequestBody Changes changes,
            @AuthenticationPrincipal AccountPrincipal principal,
            HttpServletRequest request,
            Locale locale) {
        found.change(
                clip,
                principal,
                changes.title(),
                changes.visibility(),
                Optional.ofNullable(changes.reason()).orElse(""),
                locale);
        return clip(found.find(clip, principal).clip(), request);
    }

    /** Deletes a clip, for good. */
    @DeleteMapping("/clips/{clip}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void delete(
            @PathVariable String clip,
            @RequestParam(defaultValue = "") String reason,
            @AuthenticationPrincipal AccountPrincipal principal,
            Locale locale) {
        found.delete(clip, principal, reason).ifPresent(key -> {
            throw found.refused(key, locale);
        });
    }
}
