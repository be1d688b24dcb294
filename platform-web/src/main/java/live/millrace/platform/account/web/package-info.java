// SPDX-License-Identifier: Apache-2.0
/** Pages of accounts: sign up, set up, change the password. */
@NullMarked
package live.millrace.platform.account.web;

import org.jspecify.annotations.NullMarked;
