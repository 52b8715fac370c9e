import * as z from 'zod/mini'

/** Any JSON value. Numbers beyond 2^53 must come as strings (RFC 8785, section 3.2.2.3). */
export type Json = null | boolean | number | string | Json[] | { [name: string]: Json }
export type JsonObject = { [name: string]: Json }

export const Json: z.ZodMiniType<Json, Json> = z.json() as never
export const JsonObject = z.record(z.string(), Json)
