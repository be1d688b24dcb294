// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.admin.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.AccountView;
import live.millrace.platform.account.Accounts;
import live.millrace.platform.account.Joining;
import live.millrace.platform.account.SignUpMode;
import live.millrace.platform.audit.Audit;
import live.millrace.platform.channel.Categories;
import live.millrace.platform.picture.BadPictureException;
import live.millrace.platform.picture.PictureKind;
import live.millrace.platform.picture.Pictures;
import live.millrace.platform.shared.ShownOnce;
import live.millrace.platform.shared.SiteAddress;
import live.millrace.platform.shared.WellFormed;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.multipart.MultipartFile;

/** How the site is run: who may join, what streams can be about. */
@Controller
class AdminSiteController {
    private static final int MAX_INVITE_DAYS = 365;
    private static final String MADE = "invitation";

    private final Joining joining;
    private final Categories categories;
    private final Pictures pictures;
    private final SiteAddress site;
    private final Accounts accounts;
    private final Audit audit;
    private final ShownOnce once;

    AdminSiteController(
            Joining joining,
            Categories categories,
            Pictures pictures,
            SiteAddress site,
            Accounts accounts,
            Audit audit,
            ShownOnce once) {
        this.joining = joining;
        this.categories = categories;
        this.pictures = pictures;
        this.site = site;
        this.accounts = accounts;
        this.audit = audit;
        this.once = once;
    }

    // ---- joining ----------------------------------------------------------------------------------------------

    @GetMapping("/admin/joining")
    String joining(
            @RequestParam(required = false) @Nullable String made,
            @AuthenticationPrincipal AccountPrincipal admin,
            HttpServletRequest request,
            HttpServletResponse response,
            Model model) {
        if (made != null) {
            Optional<List<String>> shown = once.take(request, response, MADE);
            shown.ifPresent(secret ->
                    model.addAttribute("link", site.originFor(request) + "/signup?invite=" + secret.getFirst()));
            model.addAttribute("shownBefore", shown.isEmpty());
        }
        List<Joining.Applicant> waiting = joining.waiting();
        // Their addresses are on the page.
        waiting.forEach(
                applicant -> audit.look(admin.actor(), "look.applicant", applicant.username(), applicant.accountId()));
        model.addAttribute("mode", joining.mode().name());
        model.addAttribute("modes", SignUpMode.values());
        model.addAttribute("waiting", waiting);
        model.addAttribute("invites", joining.invites());
        return "admin/joining";
    }

    @PostMapping("/admin/joining")
    String change(@RequestParam SignUpMode mode, @AuthenticationPrincipal AccountPrincipal admin) {
        joining.change(mode);
        audit.add(admin.actor(), "joining.mode", "", null, "", mode.name());
        return "redirect:/admin/joining?saved";
    }

    @PostMapping("/admin/joining/accept")
    String accept(@RequestParam long accountId, @AuthenticationPrincipal AccountPrincipal admin) {
        if (joining.accept(accountId)) {
            audit.add(admin.actor(), "joining.accept", name(accountId), accountId, "", "");
        }
        return "redirect:/admin/joining?saved";
    }

    @PostMapping("/admin/joining/reject")
    String reject(@RequestParam long accountId, @AuthenticationPrincipal AccountPrincipal admin) {
        // Whoever is rejected is gone, and their name with them: written down before, while the log knows whose it is.
        if (joining.waiting().stream().anyMatch(applicant -> applicant.accountId() == accountId)) {
            audit.add(admin.actor(), "joining.reject", name(accountId), accountId, "", "");
            joining.reject(accountId);
        }
        return "redirect:/admin/joining?saved";
    }

    /** The link is shown by the page that follows, and never again. */
    @PostMapping("/admin/invites")
    String invite(
            @RequestParam(defaultValue = "") String label,
            @RequestParam(defaultValue = "1") int uses,
            @RequestParam(defaultValue = "7") int days,
            @AuthenticationPrincipal AccountPrincipal admin,
            HttpServletRequest request) {
        String stripped = label.strip();
        String secret = joining.invite(
                WellFormed.cut(stripped, Joining.MAX_LABEL),
                uses,
                Duration.ofDays(Math.clamp(days, 1, MAX_INVITE_DAYS)));
        audit.add(admin.actor(), "invite.make", stripped, null, "", "");
        once.keep(request, MADE, List.of(secret));
        return "redirect:/admin/joining?made#invitations";
    }

    @PostMapping("/admin/invites/{id}/revoke")
    String revokeInvite(@PathVariable long id, @AuthenticationPrincipal AccountPrincipal admin) {
        joining.revokeInvite(id);
        audit.add(admin.actor(), "invite.revoke", "#" + id, null, "", "");
        return "redirect:/admin/joining?saved";
    }

    private String name(long accountId) {
        return accounts.find(accountId).map(AccountView::username).orElse("");
    }

    // ---- categories -------------------------------------------------------------------------------------------

    @GetMapping("/admin/categories")
    String categories(Model model) {
        model.addAttribute("categories", categories.all());
        return "admin/categories";
    }

    @PostMapping("/admin/categories")
    String putCategory(
            @RequestParam(defaultValue = "") String slug,
            @RequestParam(defaultValue = "") String nameEn,
            @RequestParam(defaultValue = "") String nameZh,
            @RequestParam(defaultValue = "100") int position,
            @RequestParam @Nullable MultipartFile file,
            @AuthenticationPrincipal AccountPrincipal admin,
            HttpServletResponse response,
            Model model)
            throws IOException {
        String error = null;
        String picture = null;
        if (file != null && !file.isEmpty()) {
            try (var upload = file.getInputStream()) {
                picture = pictures.store(PictureKind.CATEGORY, null, upload);
            } catch (BadPictureException bad) {
                error = bad.messageKey();
            }
        }
        if (error == null && !categories.put(slug.strip(), nameEn, nameZh, position, picture)) {
            error = "admin.category.malformed";
        }
        if (error == null) {
            audit.add(admin.actor(), "category.put", slug.strip(), null, "", "");
            return "redirect:/admin/categories?saved";
        }
        if (picture != null) {
            pictures.delete(picture);
        }
        response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
        model.addAttribute("error", error);
        model.addAttribute("slug", slug);
        model.addAttribute("nameEn", nameEn);
        model.addAttribute("nameZh", nameZh);
        return categories(model);
    }

    @PostMapping("/admin/categories/remove")
    String removeCategory(@RequestParam String slug, @AuthenticationPrincipal AccountPrincipal admin) {
        if (categories.remove(slug)) {
            audit.add(admin.actor(), "category.remove", slug, null, "", "");
        }
        return "redirect:/admin/categories?saved";
    }
}
