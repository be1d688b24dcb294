// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording.web;

import jakarta.servlet.http.HttpServletResponse;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.channel.Visibility;
import live.millrace.platform.recording.VideoCards;
import live.millrace.platform.recording.VideoDesk;
import live.millrace.platform.recording.VideoView;
import live.millrace.platform.recording.Videos;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/**
 * One video in the studio: its words, who sees it, its chapters, and whether there is one at all. For its channel's owner, for moderators who
 * say what the channel's broadcasts are about, and for staff, who say why.
 */
@Controller
@RequestMapping("/studio/videos/{video}")
class VideoEditController {
    private static final Pattern CLOCK = Pattern.compile("(?:(\\d{1,3}):)?(\\d{1,3}):(\\d{1,2})|(\\d{1,6})");

    private final WatchedVideo watched;
    private final Videos videos;
    private final VideoCards cards;
    private final VideoDesk desk;
    private final StaffActs acts;

    VideoEditController(WatchedVideo watched, Videos videos, VideoCards cards, VideoDesk desk, StaffActs acts) {
        this.watched = watched;
        this.videos = videos;
        this.cards = cards;
        this.desk = desk;
        this.acts = acts;
    }

    /** What the form holds. */
    public record Form(String title, String description, Visibility visibility, boolean pinned) {
        static Form of(VideoView video) {
            return new Form(video.title(), video.description(), video.visibility(), video.pinned());
        }
    }

    @GetMapping
    String form(@PathVariable String video, @AuthenticationPrincipal AccountPrincipal principal, Model model) {
        // One that was deleted is shown to those alone who can have it back.
        Optional<WatchedVideo.Found> deleted = watched.deleted(video, principal);
        WatchedVideo.Found found = deleted.orElseGet(() -> watched.edited(video, principal));
        model.addAttribute(
                "deletedUntil",
                deleted.isPresent()
                        ? videos.deleted(video).map(Videos.Deleted::until).orElse(null)
                        : null);
        return page(found, Form.of(found.video()), model);
    }

    private String page(WatchedVideo.Found found, Form form, Model model) {
        VideoView video = found.video();
        model.addAttribute("video", video);
        model.addAttribute("card", cards.of(video, found.channel()));
        model.addAttribute("channel", found.channel());
        model.addAttribute("rights", found.rights());
        model.addAttribute("form", form);
        model.addAttribute("chapters", videos.chapters(video));
        model.addAttribute("withheld", videos.withheld(video));
        model.addAttribute("visibilities", Visibility.values());
        return "video/edit";
    }

    private String refused(WatchedVideo.Found found, Form form, String key, Model model, HttpServletResponse response) {
        model.addAttribute("error", key);
        response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
        return page(found, form, model);
    }

    private static String back(String video, String rest) {
        return "redirect:/studio/videos/" + video + rest;
    }

    @PostMapping
    String edit(
            @PathVariable String video,
            @RequestParam(defaultValue = "") String title,
            @RequestParam(defaultValue = "") String description,
            @RequestParam(defaultValue = "") String visibility,
            @RequestParam(defaultValue = "false") boolean pinned,
            @RequestParam(defaultValue = "") String reason,
            @AuthenticationPrincipal AccountPrincipal principal,
            HttpServletResponse response,
            Model model) {
        WatchedVideo.Found found = watched.edited(video, principal);
        boolean decides = found.rights().decides();
        // Who only describes was not asked the rest.
        Visibility wanted = decides
                ? visibility(visibility).orElse(found.video().visibility())
                : found.video().visibility();
        boolean kept = decides ? pinned : found.video().pinned();
        Form form = new Form(title, description, wanted, kept);
        Optional<String> against = acts.edit(
                found,
                principal,
                new VideoDesk.Edit(
                        title,
                        description.replace("\r\n", "\n"),
                        wanted == found.video().visibility() ? null : wanted,
                        kept),
                reason);
        return against.isPresent()
                ? refused(found, form, against.get(), model, response)
                : back(found.video().id(), "?saved");
    }

    private static Optional<Visibility> visibility(String name) {
        return Arrays.stream(Visibility.values())
                .filter(one -> one.name().equals(name.toUpperCase(Locale.ROOT)))
                .findFirst();
    }

    @PostMapping("/delete")
    String delete(
            @PathVariable String video,
            @RequestParam(defaultValue = "") String reason,
            @AuthenticationPrincipal AccountPrincipal principal,
            HttpServletResponse response,
            Model model) {
        WatchedVideo.Found found = watched.decided(video, principal);
        Optional<String> against = acts.delete(found, principal, reason);
        if (against.isPresent()) {
            return refused(found, Form.of(found.video()), against.get(), model, response);
        }
        return "redirect:"
                + (found.rights().staff()
                        ? "/" + found.channel().name() + "/videos"
                        : studio(found) + "?deleted#deleted");
    }

    /** In the studio of the owner. */
    private static String studio(WatchedVideo.Found found) {
        return found.channel().own()
                ? "/studio/videos"
                : "/studio/@" + found.channel().name() + "/videos";
    }

    @PostMapping("/restore")
    String restore(
            @PathVariable String video,
            @RequestParam(defaultValue = "") String reason,
            @AuthenticationPrincipal AccountPrincipal principal) {
        WatchedVideo.Found found = watched.deleted(video, principal).orElseThrow(WatchedVideo::missing);
        if (!acts.restore(found, principal, reason)) {
            throw WatchedVideo.missing();
        }
        return back(found.video().id(), "?restored");
    }

    @PostMapping("/chapters")
    String chapter(
            @PathVariable String video,
            @RequestParam(defaultValue = "") String at,
            @RequestParam(defaultValue = "") String title,
            @AuthenticationPrincipal AccountPrincipal principal,
            HttpServletResponse response,
            Model model) {
        WatchedVideo.Found found = watched.edited(video, principal);
        Optional<String> against = millis(at)
                .map(millis -> desk.chapter(found.video().id(), millis, title))
                .orElse(Optional.of("video.said.time"));
        if (against.isPresent()) {
            model.addAttribute("chapterAt", at);
            model.addAttribute("chapterTitle", title);
            return refused(found, Form.of(found.video()), against.get(), model, response);
        }
        return back(found.video().id(), "?saved#chapters");
    }

    /** {@code 1:02:03}, {@code 2:03} or seconds alone. */
    static Optional<Long> millis(String text) {
        Matcher clock = CLOCK.matcher(text.strip());
        if (!clock.matches()) {
            return Optional.empty();
        }
        if (clock.group(4) != null) {
            return Optional.of(Long.parseLong(clock.group(4)) * 1_000);
        }
        long hours = clock.group(1) == null ? 0 : Long.parseLong(clock.group(1));
        return Optional.of(
                ((hours * 60 + Long.parseLong(clock.group(2))) * 60 + Long.parseLong(clock.group(3))) * 1_000);
    }

    @PostMapping("/chapters/edit")
    String renameChapter(
            @PathVariable String video,
            @RequestParam(defaultValue = "") String at,
            @RequestParam(defaultValue = "") String title,
            @AuthenticationPrincipal AccountPrincipal principal) {
        WatchedVideo.Found found = watched.edited(video, principal);
        moment(at).ifPresent(moment -> desk.renameChapter(found.video().id(), moment, title));
        return back(found.video().id(), "?saved#chapters");
    }

    @PostMapping("/chapters/remove")
    String removeChapter(
            @PathVariable String video,
            @RequestParam(defaultValue = "") String at,
            @AuthenticationPrincipal AccountPrincipal principal) {
        WatchedVideo.Found found = watched.edited(video, principal);
        moment(at).ifPresent(moment -> desk.removeChapter(found.video().id(), moment));
        return back(found.video().id(), "?saved#chapters");
    }

    private static Optional<Instant> moment(@Nullable String text) {
        try {
            return Optional.of(Instant.parse(String.valueOf(text)));
        } catch (DateTimeException none) {
            return Optional.empty();
        }
    }
}
