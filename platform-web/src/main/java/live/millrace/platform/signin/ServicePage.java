// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.signin;

import jakarta.servlet.http.HttpServletResponse;
import java.net.URI;
import org.springframework.ui.Model;

/** The page between a form of ours and another service: browsers send no form of this site on to another one, which the policy says. */
public final class ServicePage {
    private ServicePage() {}

    /** Its view; it goes on by itself. */
    public static String away(URI there, HttpServletResponse response, Model model) {
        response.setHeader("Refresh", "0; url=" + there.toASCIIString());
        response.setHeader("Cache-Control", "no-store");
        model.addAttribute("there", there.toASCIIString());
        model.addAttribute("host", there.getHost());
        return "signin/away";
    }
}
