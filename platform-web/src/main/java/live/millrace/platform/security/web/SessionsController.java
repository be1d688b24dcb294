// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.security.web;

import jakarta.servlet.http.HttpServletRequest;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.security.OpenSessions;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.server.ResponseStatusException;

/** Ends sessions of whoever is signed in. */
@Controller
class SessionsController {
    private final OpenSessions sessions;

    SessionsController(OpenSessions sessions) {
        this.sessions = sessions;
    }

    @PostMapping("/settings/security/sessions/{handle}/end")
    String end(@PathVariable String handle, @AuthenticationPrincipal AccountPrincipal principal) {
        if (!sessions.end(principal, handle)) {
            throw new ResponseStatusException(HttpStatus.NOT_FOUND);
        }
        return "redirect:/settings/security?ended#sessions";
    }

    @PostMapping("/settings/security/sessions/end")
    String endOthers(
            @RequestParam(defaultValue = "false") boolean tokens,
            @AuthenticationPrincipal AccountPrincipal principal,
            HttpServletRequest request) {
        sessions.endOthers(principal, request, tokens);
        return "redirect:/settings/security?everywhere#sessions";
    }
}
