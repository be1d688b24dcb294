// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.studio.web;

import jakarta.servlet.http.HttpServletResponse;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import live.millrace.platform.channel.Visibility;
import live.millrace.platform.chat.VideoComments;
import live.millrace.platform.recording.RecordingRules;
import live.millrace.platform.recording.RecordingSwitch;
import live.millrace.platform.recording.VideoCards;
import live.millrace.platform.recording.VideoDesk;
import live.millrace.platform.recording.VideoView;
import live.millrace.platform.recording.Videos;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** What was kept of a channel's broadcasts, and what shall be. */
@Controller
@RequestMapping({"/studio", "/studio/@{channel}"})
class VideosController {
    private static final int PAGE = 50;
    private static final int MOST_DELETED = 50;
    private static final int MAX_DAYS = 3_650;
    private static final Pattern DAYS = Pattern.compile("[1-9]\\d{0,3}");
    private static final List<Integer> REWINDS = List.of(0, 30, 120, 720, RecordingRules.ALL);

    private final Videos videos;
    private final VideoCards cards;
    private final VideoDesk desk;
    private final RecordingRules rules;
    private final RecordingSwitch recording;
    private final VideoComments comments;

    VideosController(
            Videos videos,
            VideoCards cards,
            VideoDesk desk,
            RecordingRules rules,
            RecordingSwitch recording,
            VideoComments comments) {
        this.videos = videos;
        this.cards = cards;
        this.desk = desk;
        this.rules = rules;
        this.recording = recording;
        this.comments = comments;
    }

    @GetMapping("/videos")
    String list(Studio studio, @RequestParam(required = false) @Nullable String before, Model model) {
        return page(studio, before, model);
    }

    private String page(Studio studio, @Nullable String before, Model model) {
        long channelId = studio.channel().id();
        List<VideoView> found = videos.allOfChannel(channelId, Optional.ofNullable(before), PAGE + 1);
        List<VideoView> shown = found.stream().limit(PAGE).toList();
        model.addAttribute("cards", cards.of(shown));
        model.addAttribute("older", found.size() > PAGE ? shown.getLast().id() : null);
        model.addAttribute("deleted", before == null ? videos.deleted(channelId, MOST_DELETED) : List.of());
        model.addAttribute("choice", rules.choice(channelId));
        model.addAttribute("rules", rules.of(channelId));
        model.addAttribute("visibilities", Visibility.values());
        model.addAttribute("rewinds", REWINDS);
        model.addAttribute("comments", comments.open(channelId));
        return "studio/videos";
    }

    /** What holds for the channel; nothing chosen is what the site says. */
    @PostMapping("/videos/rules")
    String choose(
            Studio studio,
            @RequestParam(defaultValue = "") String recorded,
            @RequestParam(defaultValue = "") String days,
            @RequestParam(defaultValue = "") String rewind,
            @RequestParam(defaultValue = "") String visibility,
            @RequestParam(defaultValue = "") String downloads,
            @RequestParam(defaultValue = "") String clips,
            @RequestParam(defaultValue = "false") boolean comments,
            HttpServletResponse response,
            Model model) {
        String typed = days.strip();
        if (!typed.isEmpty() && (!DAYS.matcher(typed).matches() || Integer.parseInt(typed) > MAX_DAYS)) {
            model.addAttribute("daysError", "studio.videos.days.bad");
            response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
            return page(studio, null, model);
        }
        rules.choose(
                studio.channel().id(),
                new RecordingRules.Choice(
                        yes(recorded),
                        typed.isEmpty() ? null : Integer.valueOf(typed),
                        REWINDS.stream()
                                .filter(minutes -> rewind.equals(minutes.toString()))
                                .findFirst()
                                .orElse(null),
                        Arrays.stream(Visibility.values())
                                .filter(one -> one.name().equals(visibility))
                                .findFirst()
                                .orElse(null),
                        yes(downloads),
                        yes(clips)));
        this.comments.open(studio.channel().id(), comments);
        return studio.redirect("/videos?saved#rules");
    }

    /** On, off, or as the site says. */
    private static @Nullable Boolean yes(String chosen) {
        return switch (chosen) {
            case "on" -> Boolean.TRUE;
            case "off" -> Boolean.FALSE;
            default -> null;
        };
    }

    /** Whether the broadcast that runs is kept, else the one that comes next. */
    @PostMapping("/recording")
    String record(Studio studio, @RequestParam boolean kept) {
        recording.keep(studio.channel().id(), kept);
        return studio.redirect("?recording#recording");
    }

    /** Names the moment that is on air. */
    @PostMapping("/marker")
    String mark(Studio studio, @RequestParam(defaultValue = "") String title) {
        boolean marked = desk.mark(studio.channel().id(), title.isBlank() ? VideoDesk.UNNAMED : title)
                .isPresent();
        return studio.redirect(marked ? "?marked#recording" : "?unmarked#recording");
    }
}
