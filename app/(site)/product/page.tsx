import type { Metadata } from 'next'
import { ProductPage } from '../_site/product-page'

export const metadata: Metadata = { alternates: { canonical: '/' } }

export default ProductPage
