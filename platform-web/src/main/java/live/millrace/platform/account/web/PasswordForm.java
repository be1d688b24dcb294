// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account.web;

import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.Size;

/** What the page that changes a password sends. */
record PasswordForm(
        @NotEmpty(message = "{account.password.wrong}") String current,

        @Size(min = SignupForm.MIN_PASSWORD, max = SignupForm.MAX_PASSWORD, message = "{account.password.length}")
        String replacement) {
    PasswordForm {
        current = current == null ? "" : current;
        replacement = replacement == null ? "" : replacement;
    }
}
