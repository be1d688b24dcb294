// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.directory;

import live.millrace.platform.live.Broadcasting;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;

/** The home page: who is live. */
@Controller
class HomeController {
    private final Broadcasting broadcasting;

    HomeController(Broadcasting broadcasting) {
        this.broadcasting = broadcasting;
    }

    @GetMapping("/")
    String home(Model model) {
        model.addAttribute("live", broadcasting.directory().live());
        return "directory/home";
    }
}
