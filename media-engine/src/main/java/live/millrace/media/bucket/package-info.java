// SPDX-License-Identifier: Apache-2.0
/** Object storage that speaks the protocol of Amazon S3: objects put, read in ranges, deleted, and lent by signed addresses. */
@NullMarked
package live.millrace.media.bucket;

import org.jspecify.annotations.NullMarked;
