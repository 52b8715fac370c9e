/** Export files of the platform, brought into the log over HTTP. */
import * as z from 'zod/mini'

const count = z.int()

/** `POST /v1/imports`: files as they are (base64). With `dryRun` nothing is kept: it tells what would be. */
export const ImportRequest = z.object({
  files: z
    .array(z.object({ name: z.string().check(z.maxLength(400)), content: z.string() }))
    .check(z.minLength(1), z.maxLength(50)),
  dryRun: z._default(z.boolean(), false),
})
export type ImportRequest = z.input<typeof ImportRequest>

/** `read` = `accepted` + `duplicates` + `recognised` + `rejected`. With `dryRun`, `accepted` would be. */
export const ImportReport = z.object({
  /** The format each file was read as, in the order sent. */
  formats: z.array(z.string()),
  read: count,
  accepted: count,
  /** In the log already, by the id they carry. */
  duplicates: count,
  /** Without an id of their own, and taken for an entry of the log: same time to the second, action and user. */
  recognised: count,
  rejected: count,
  /** Of those accepted: without an id, so that nothing keeps the same event from coming once more with one. */
  withoutId: count,
  /** The first of those rejected. */
  rejects: z.array(z.object({ file: z.string(), line: z.int(), path: z.string(), reason: z.string() })),
})
export type ImportReport = z.infer<typeof ImportReport>
