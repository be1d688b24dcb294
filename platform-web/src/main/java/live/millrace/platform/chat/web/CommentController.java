// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Locale;
import live.millrace.platform.chat.internal.below.CommentPage;
import live.millrace.platform.chat.internal.below.ShownComments;
import live.millrace.platform.chat.internal.below.WrittenComments;
import live.millrace.platform.chat.internal.below.WrittenComments.Written;
import live.millrace.platform.chat.internal.room.ChatEvents.Refused;
import live.millrace.platform.chat.web.CommentedVideo.Found;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.server.ResponseStatusException;

/** Comments below a video: for programs and the page's script, and by forms for whoever has none. */
@Controller
class CommentController {
    /** A comment as a page sends it. */
    record NewComment(@Nullable String text) {}

    private final CommentedVideo commented;
    private final ShownComments shown;
    private final WrittenComments written;
    private final CommentRefusals refusals;

    CommentController(
            CommentedVideo commented, ShownComments shown, WrittenComments written, CommentRefusals refusals) {
        this.commented = commented;
        this.shown = shown;
        this.written = written;
        this.refusals = refusals;
    }

    @GetMapping("/api/v1/videos/{video}/comments")
    @ResponseBody
    CommentPage list(
            @PathVariable String video,
            @RequestParam(required = false) @Nullable Long before,
            HttpServletRequest request) {
        Found found = commented.find(video, request);
        return shown.page(found.video(), found.channel(), found.asking(), before == null ? Long.MAX_VALUE : before);
    }

    @PostMapping("/api/v1/videos/{video}/comments")
    @ResponseBody
    @ResponseStatus(HttpStatus.CREATED)
    CommentPage.Comment write(
            @PathVariable String video, @RequestBody NewComment typed, HttpServletRequest request, Locale locale) {
        return switch (write(commented.find(video, request), request, typed.text())) {
            case Written.Stored stored -> stored.comment();
            case Written.Not not ->
                throw new ResponseStatusException(status(not.why()), refusals.words(not.why(), locale));
        };
    }

    private Written write(Found found, HttpServletRequest request, @Nullable String text) {
        return written.write(
                found.video(),
                found.channel(),
                found.author(),
                String.valueOf(request.getRemoteAddr()),
                text == null ? "" : text);
    }

    private static HttpStatus status(Refused why) {
        return why.retryMillis() > 0 ? HttpStatus.TOO_MANY_REQUESTS : HttpStatus.UNPROCESSABLE_CONTENT;
    }

    @DeleteMapping("/api/v1/videos/{video}/comments/{comment}")
    @ResponseBody
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void remove(@PathVariable String video, @PathVariable long comment, HttpServletRequest request, Locale locale) {
        Found found = commented.find(video, request);
        switch (written.remove(found.video(), found.channel(), found.author(), comment)) {
            case DONE -> {
                // nothing to say
            }
            case GONE ->
                throw new ResponseStatusException(HttpStatus.NOT_FOUND, refusals.words("moderation.not.gone", locale));
            case FORBIDDEN ->
                throw new ResponseStatusException(
                        HttpStatus.FORBIDDEN, refusals.words("moderation.not.allowed", locale));
        }
    }

    // ---- without a script -------------------------------------------------------------------------------------

    /** What is refused comes back on a page of its own, with the reason: nobody types it again. */
    @PostMapping("/videos/{video}/comments")
    String write(
            @PathVariable String video,
            @RequestParam(defaultValue = "") String text,
            HttpServletRequest request,
            HttpServletResponse response,
            Locale locale,
            Model model) {
        Found found = commented.find(video, request);
        if (write(found, request, text) instanceof Written.Not not) {
            response.setStatus(status(not.why()).value());
            model.addAttribute("video", found.video());
            model.addAttribute("channel", found.channel());
            model.addAttribute("text", text.length() > MOST_SHOWN_AGAIN ? "" : text);
            model.addAttribute("refused", refusals.words(not.why(), locale));
            return "video/comment";
        }
        return back(found);
    }

    /** More than a comment can hold is no comment that somebody typed. */
    private static final int MOST_SHOWN_AGAIN = 20_000;

    private static String back(Found found) {
        return "redirect:/videos/" + found.video().id() + "#comments";
    }

    /** One that is gone already is gone as they wished. */
    @PostMapping("/videos/{video}/comments/{comment}/delete")
    String delete(@PathVariable String video, @PathVariable long comment, HttpServletRequest request) {
        Found found = commented.find(video, request);
        if (written.remove(found.video(), found.channel(), found.author(), comment)
                == WrittenComments.Removal.FORBIDDEN) {
            throw new ResponseStatusException(HttpStatus.FORBIDDEN);
        }
        return back(found);
    }
}
