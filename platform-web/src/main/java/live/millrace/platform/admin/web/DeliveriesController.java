// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.admin.web;

import java.util.List;
import java.util.Optional;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.audit.Audit;
import live.millrace.platform.delivery.DeliveryQueue;
import live.millrace.platform.delivery.DeliveryQueue.Open;
import live.millrace.platform.delivery.DeliveryQueue.State;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** What is still to be done after decisions: what failed, why, and when it is tried next. For admins. */
@Controller
class DeliveriesController {
    private final DeliveryQueue queue;
    private final Audit audit;

    DeliveriesController(DeliveryQueue queue, Audit audit) {
        this.queue = queue;
        this.audit = audit;
    }

    /** @param before the number that a page of those that wait, or that are parked, goes on from */
    @GetMapping("/admin/deliveries")
    String deliveries(
            @RequestParam(defaultValue = "PARKED") State state,
            @RequestParam(required = false) @Nullable Long before,
            Model model) {
        List<Open> found = queue.find(state, before == null ? Long.MAX_VALUE : before, ConsoleLists.PAGE + 1);
        model.addAttribute("state", state.name());
        model.addAttribute("figures", queue.figures());
        model.addAttribute("page", ConsoleLists.Page.of(found, row -> Long.toString(row.id())));
        return "admin/deliveries";
    }

    @PostMapping("/admin/deliveries/{id}/again")
    String again(
            @PathVariable long id,
            @RequestParam(defaultValue = "PARKED") State state,
            @AuthenticationPrincipal AccountPrincipal staff) {
        return done(queue.again(id), "delivery.again", state, staff);
    }

    @PostMapping("/admin/deliveries/{id}/drop")
    String drop(
            @PathVariable long id,
            @RequestParam(defaultValue = "PARKED") State state,
            @AuthenticationPrincipal AccountPrincipal staff) {
        return done(queue.drop(id), "delivery.drop", state, staff);
    }

    private String done(Optional<Open> delivery, String action, State state, AccountPrincipal staff) {
        delivery.ifPresent(
                row -> audit.add(staff.actor(), action, "#" + row.id() + " " + row.target(), null, "", row.kind()));
        return "redirect:/admin/deliveries?state=" + state + "&said=" + (delivery.isPresent() ? "done" : "none");
    }
}
