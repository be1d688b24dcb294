// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.site.web;

import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;

/** Every piece of the look on one page, for whoever develops the site: {@code millrace.styleguide=true}. */
@Controller
@ConditionalOnBooleanProperty("millrace.styleguide")
class StyleguideController {
    @GetMapping("/styleguide")
    String styleguide() {
        return "site/styleguide";
    }
}
