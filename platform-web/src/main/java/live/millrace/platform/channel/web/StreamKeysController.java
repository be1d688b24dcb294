// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.channel.web;

import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.channel.StreamKeys;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;

/** Asks whoever got a new password by mail about the stream keys: whoever had the old one may have made some, or seen them. */
@Controller
class StreamKeysController {
    private final StreamKeys keys;

    StreamKeysController(StreamKeys keys) {
        this.keys = keys;
    }

    @GetMapping("/settings/keys")
    String ask(@AuthenticationPrincipal AccountPrincipal principal, Model model) {
        int count = keys.count(principal.accountId());
        if (count == 0) {
            return "redirect:/";
        }
        model.addAttribute("count", count);
        return "settings/keys";
    }

    @PostMapping("/settings/keys")
    String replace(@AuthenticationPrincipal AccountPrincipal principal) {
        keys.revokeAll(principal.accountId());
        return "redirect:/studio/connect?new#keys";
    }
}
