// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.security.web;

import jakarta.servlet.http.HttpServletResponse;
import live.millrace.platform.security.KeptForm;
import org.jspecify.annotations.Nullable;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.ResponseBody;

/** What helps a page that was open for long: its form once more, or a fresh token. */
@Controller
class StaleController {
    /** @param token what a page of ours sends along */
    record PageToken(String token) {}

    @PostMapping("/stale")
    String again(
            @RequestAttribute(name = KeptForm.ATTRIBUTE, required = false) @Nullable KeptForm kept,
            HttpServletResponse response,
            Model model) {
        if (kept == null) {
            return "redirect:/";
        }
        response.setHeader("Cache-Control", "no-store");
        model.addAttribute("kept", kept);
        return "security/stale";
    }

    /** For pages of this site alone: no other may read the answer. */
    @GetMapping("/api/v1/page-token")
    @ResponseBody
    PageToken token(CsrfToken token, HttpServletResponse response) {
        response.setHeader("Cache-Control", "no-store");
        return new PageToken(token.getToken());
    }
}
