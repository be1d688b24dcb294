// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.admin.web;

import jakarta.servlet.http.HttpServletResponse;
import org.springframework.http.HttpStatus;
import org.springframework.ui.Model;

/** What staff may not do is answered with a page that says why. */
final class Refusals {
    private Refusals() {}

    /** @param key under {@code admin.case.not} or {@code admin.said}; the words are those of the latter */
    static String page(String key, Model model, HttpServletResponse response) {
        response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
        model.addAttribute("refused", "admin.said." + key.substring(key.lastIndexOf('.') + 1));
        return "admin/refused";
    }
}
