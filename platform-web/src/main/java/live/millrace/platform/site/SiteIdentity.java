// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.site;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whose site it is, as every page, mail and preview says it.
 *
 * @param name never empty
 * @param description empty where nobody wrote one
 * @param logo an address on this site; null: the software's mark
 * @param colour {@code teal}, or a step of the hues
 * @param runBy who runs it; empty where nobody is named
 * @param contact a mail address or a link; empty where none is given
 */
public record SiteIdentity(
        String name, String description, @Nullable String logo, String colour, String runBy, String contact) {

    static SiteIdentity of(SiteSettings settings) {
        String logo = settings.text(Setting.SITE_LOGO);
        return new SiteIdentity(
                settings.text(Setting.SITE_NAME),
                settings.text(Setting.SITE_DESCRIPTION),
                logo.isEmpty() ? null : "/pictures/" + logo,
                settings.text(Setting.SITE_COLOUR),
                settings.text(Setting.CONTACT_NAME),
                settings.text(Setting.CONTACT));
    }

    /** Whom to tell of a weakness, as RFC 9116 wants it written: a mail address, or a link of HTTPS. */
    public static Optional<String> securityContact(SiteSettings settings) {
        String contact = settings.text(Setting.SECURITY_CONTACT);
        return SiteTexts.mail(contact)
                ? Optional.of("mailto:" + contact)
                : Optional.of(contact).filter(link -> link.startsWith("https://"));
    }

    /** The class of a page in the site's colour; empty for teal. */
    public String colourClass() {
        return colour.equals(Setting.SITE_COLOUR.otherwise()) ? "" : "site-hue site-hue-" + colour;
    }

    /** Where a click on the contact leads; null without one. */
    public @Nullable String contactLink() {
        if (contact.isEmpty()) {
            return null;
        }
        return SiteTexts.mail(contact) ? "mailto:" + contact : contact;
    }

    /** The contact as people read it: a link without its scheme. */
    public String contactText() {
        return contact.replaceFirst("^https?://", "").replaceFirst("/$", "");
    }

    /** Who runs it, in a word or two: their name, else where they are found; empty where neither is said. */
    public String people() {
        return runBy.isEmpty() ? contactText() : runBy;
    }
}
