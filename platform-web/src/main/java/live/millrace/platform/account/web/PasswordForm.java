// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account.web;

import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/**
 * What the page that changes a password sends.
 *
 * @param tokens whether programs that act as the account go as well; a box that is not ticked is not sent
 * @param keys whether encoders go as well; the same
 */
record PasswordForm(
        @NotEmpty(message = "{account.password.wrong}") String current,

        @Size(min = SignupForm.MIN_PASSWORD, max = SignupForm.MAX_PASSWORD, message = "{account.password.length}")
        String replacement,

        @Nullable Boolean tokens,

        @Nullable Boolean keys) {
    PasswordForm {
        current = current == null ? "" : current;
        replacement = replacement == null ? "" : replacement;
    }
}
