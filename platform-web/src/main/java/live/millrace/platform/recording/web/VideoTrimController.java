// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Optional;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.audience.TicketedMedia;
import live.millrace.platform.recording.VideoCard;
import live.millrace.platform.recording.VideoCards;
import live.millrace.platform.recording.VideoTrim;
import live.millrace.platform.recording.VideoView;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.server.ResponseStatusException;

/** Trimming a video, and having it back: for those who run the channel. Staff take a video from view, they do not change what it shows. */
@Controller
@RequestMapping("/studio/videos/{video}/trim")
class VideoTrimController {
    private final WatchedVideo watched;
    private final VideoTrim trim;
    private final VideoCards cards;
    private final TicketedMedia media;

    VideoTrimController(WatchedVideo watched, VideoTrim trim, VideoCards cards, TicketedMedia media) {
        this.watched = watched;
        this.trim = trim;
        this.cards = cards;
        this.media = media;
    }

    private WatchedVideo.Found found(String video, AccountPrincipal principal) {
        WatchedVideo.Found found = watched.decided(video, principal);
        if (found.rights().staff()) {
            throw new ResponseStatusException(HttpStatus.FORBIDDEN, "Only who runs the channel may do that.");
        }
        return found;
    }

    @GetMapping
    String form(
            @PathVariable String video,
            @AuthenticationPrincipal AccountPrincipal principal,
            HttpServletRequest request,
            Model model) {
        WatchedVideo.Found found = found(video, principal);
        long length = found.video().durationMillis();
        return page(found, VideoCard.clock(0), VideoCard.clock(length), request, model);
    }

    private String page(WatchedVideo.Found found, String from, String to, HttpServletRequest request, Model model) {
        VideoView video = found.video();
        model.addAttribute("video", video);
        model.addAttribute("card", cards.of(video, found.channel()));
        model.addAttribute("channel", found.channel());
        model.addAttribute("from", from);
        model.addAttribute("to", to);
        model.addAttribute("until", trim.until(video.id()).orElse(null));
        model.addAttribute("playlist", media.video(request, found.channel(), video.visibility(), video.playlist()));
        model.addAttribute("ticket", media.topic(request, found.channel()));
        return "video/trim";
    }

    @PostMapping
    String trim(
            @PathVariable String video,
            @RequestParam(defaultValue = "") String from,
            @RequestParam(defaultValue = "") String to,
            @AuthenticationPrincipal AccountPrincipal principal,
            HttpServletRequest request,
            HttpServletResponse response,
            Model model) {
        WatchedVideo.Found found = found(video, principal);
        Optional<Long> start = VideoEditController.millis(from);
        long length = found.video().durationMillis();
        // What is typed is to the second: the last of them is the end.
        Optional<Long> end =
                VideoEditController.millis(to).map(typed -> typed == length / 1_000 * 1_000 ? length : typed);
        Optional<String> against = start.isEmpty() || end.isEmpty()
                ? Optional.of("video.said.time")
                : trim.trim(found.video().id(), start.get(), end.get());
        if (against.isPresent()) {
            model.addAttribute("error", against.get());
            response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
            return page(found, from, to, request, model);
        }
        return "redirect:/studio/videos/" + found.video().id() + "/trim?trimmed";
    }

    @PostMapping("/undo")
    String undo(@PathVariable String video, @AuthenticationPrincipal AccountPrincipal principal) {
        String id = found(video, principal).video().id();
        return "redirect:/studio/videos/" + id + "/trim" + (trim.restore(id) ? "?whole" : "");
    }
}
