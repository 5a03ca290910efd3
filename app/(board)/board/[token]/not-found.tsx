export { Ended as default } from '../../_board/ended'
