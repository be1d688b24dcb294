// SPDX-License-Identifier: Apache-2.0
/** Log-ins by other services: what is set up, what is asked of them, whom they vouch for. */
@NullMarked
package live.millrace.platform.signin.internal.openid;

import org.jspecify.annotations.NullMarked;
