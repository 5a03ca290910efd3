export { DataLayout as default } from '../_data/data-layout'
