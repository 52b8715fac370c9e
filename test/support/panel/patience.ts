/** Waits of the DOM tests end as soon as what they wait for is there; a busy machine is no failure. */
import { configure } from '@testing-library/preact'

configure({ asyncUtilTimeout: 20_000 })
