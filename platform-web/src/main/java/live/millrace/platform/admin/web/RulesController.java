// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.admin.web;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.AddressBans;
import live.millrace.platform.audit.Audit;
import live.millrace.platform.chat.WordLists;
import live.millrace.platform.shared.WellFormed;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** What keeps trouble out: bans of accounts, addresses and networks, and the site's words. */
@Controller
class RulesController {
    private static final int MAX_DAYS = 3_650;
    private static final int MAX_TYPED = 200_000;

    private final ConsoleLists lists;
    private final AddressBans bans;
    private final WordLists words;
    private final Audit audit;
    private final Clock clock;

    RulesController(ConsoleLists lists, AddressBans bans, WordLists words, Audit audit, Clock clock) {
        this.lists = lists;
        this.bans = bans;
        this.words = words;
        this.audit = audit;
        this.clock = clock;
    }

    @GetMapping("/admin/bans")
    String bans(@RequestParam(defaultValue = "") String before, Model model) {
        model.addAttribute("addresses", bans.all());
        model.addAttribute("page", lists.users("", "", "suspended", before));
        return "admin/bans";
    }

    @PostMapping("/admin/bans")
    String ban(
            @RequestParam(defaultValue = "") String network,
            @RequestParam(defaultValue = "0") int days,
            @RequestParam(defaultValue = "") String reason,
            @AuthenticationPrincipal AccountPrincipal staff,
            HttpServletRequest request,
            Model model) {
        String why = Reasons.text(reason);
        @Nullable
        String error = why.isEmpty()
                ? "admin.said.reason"
                : bans.ban(
                                network,
                                request.getRemoteAddr(),
                                why,
                                days <= 0 ? null : clock.instant().plus(Duration.ofDays(Math.min(days, MAX_DAYS))),
                                staff.actor())
                        .orElse(null);
        if (error == null) {
            return "redirect:/admin/bans?said=done";
        }
        model.addAttribute("error", error);
        model.addAttribute("network", network);
        model.addAttribute("reason", why);
        return bans("", model);
    }

    @PostMapping("/admin/bans/lift")
    String lift(@RequestParam(defaultValue = "") List<Long> id, @AuthenticationPrincipal AccountPrincipal staff) {
        long done = id.stream()
                .distinct()
                .limit(ConsoleLists.PAGE)
                .filter(ban -> bans.lift(ban, staff.actor()))
                .count();
        return "redirect:/admin/bans?said=" + (done > 0 ? "done" : "none");
    }

    @GetMapping("/admin/words")
    String words(Model model) {
        model.addAttribute("words", words.of(null));
        model.addAttribute("most", WordLists.MAX_WORDS);
        return "admin/words";
    }

    /** @param list one word or phrase a line */
    @PostMapping("/admin/words")
    String addWords(
            @RequestParam(defaultValue = "") String list,
            @RequestParam(defaultValue = "HOLD") WordLists.Effect effect,
            @AuthenticationPrincipal AccountPrincipal staff) {
        int added =
                words.add(null, Arrays.asList(WellFormed.cut(list, MAX_TYPED).split("\\R", -1)), effect);
        if (added > 0) {
            audit.add(
                    staff.actor(),
                    "words.add",
                    "",
                    null,
                    "",
                    added + " × " + effect.name().toLowerCase(Locale.ROOT));
        }
        return "redirect:/admin/words?said=" + (added > 0 ? "done" : "none");
    }

    @PostMapping("/admin/words/remove")
    String removeWords(
            @RequestParam(defaultValue = "") List<Long> id, @AuthenticationPrincipal AccountPrincipal staff) {
        long removed = id.stream()
                .distinct()
                .limit(WordLists.MAX_WORDS)
                .filter(word -> words.remove(null, word))
                .count();
        if (removed > 0) {
            audit.add(staff.actor(), "words.remove", "", null, "", Long.toString(removed));
        }
        return "redirect:/admin/words?said=" + (removed > 0 ? "done" : "none");
    }
}
