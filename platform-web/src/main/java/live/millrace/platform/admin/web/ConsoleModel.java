// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.admin.web;

import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.moderation.Cases;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ModelAttribute;

/** What all pages of the console show. */
@ControllerAdvice(basePackageClasses = ConsoleModel.class)
class ConsoleModel {
    private final Cases cases;

    ConsoleModel(Cases cases) {
        this.cases = cases;
    }

    @ModelAttribute("openCases")
    int openCases(@AuthenticationPrincipal @Nullable AccountPrincipal staff) {
        return staff == null ? 0 : cases.waiting(staff.accountId());
    }

    /** Whether settings and what else runs the site is offered. */
    @ModelAttribute("runsSite")
    boolean runsSite(@AuthenticationPrincipal @Nullable AccountPrincipal staff) {
        return staff != null && staff.admin();
    }
}
