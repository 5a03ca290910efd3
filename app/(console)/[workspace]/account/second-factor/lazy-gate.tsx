'use client'
import dynamic from 'next/dynamic'

/** `SecondFactorGate`, whose code only those load who meet it. */
export const LazyGate = dynamic(() => import('./gate').then(({ SecondFactorGate }) => SecondFactorGate))
