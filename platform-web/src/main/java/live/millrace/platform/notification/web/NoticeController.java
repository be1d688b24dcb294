// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.notification.web;

import java.util.List;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.notification.NoticeView;
import live.millrace.platform.notification.Notices;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseBody;
import org.springframework.web.bind.annotation.ResponseStatus;

/** One's own notices, as a page and for programs. */
@Controller
class NoticeController {
    private static final int PAGE = 50;

    /** @param next where to go on; null at the end */
    public record NoticePage(
            List<NoticeView> items, @Nullable String next) {}

    private final Notices notices;

    NoticeController(Notices notices) {
        this.notices = notices;
    }

    private NoticePage page(long accountId, @Nullable Long cursor) {
        List<NoticeView> found = notices.of(accountId, cursor == null ? Long.MAX_VALUE : cursor, PAGE + 1);
        List<NoticeView> shown = found.subList(0, Math.min(PAGE, found.size()));
        return new NoticePage(
                shown, found.size() > PAGE ? Long.toString(shown.getLast().id()) : null);
    }

    @GetMapping("/notifications")
    String page(
            @AuthenticationPrincipal AccountPrincipal principal,
            @RequestParam(required = false) @Nullable Long cursor,
            Model model) {
        model.addAttribute("notices", page(principal.accountId(), cursor));
        return "notification/notices";
    }

    @PostMapping("/notifications/read")
    String readAll(@AuthenticationPrincipal AccountPrincipal principal) {
        notices.read(principal.accountId());
        return "redirect:/notifications";
    }

    @GetMapping("/api/v1/notices")
    @ResponseBody
    NoticePage list(
            @AuthenticationPrincipal AccountPrincipal principal,
            @RequestParam(required = false) @Nullable Long cursor) {
        return page(principal.accountId(), cursor);
    }

    @PostMapping("/api/v1/notices/read")
    @ResponseBody
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void read(@AuthenticationPrincipal AccountPrincipal principal) {
        notices.read(principal.accountId());
    }
}
